"""Worked cases of the scorecard: what was graded, and the first lines that a candidate reads of it."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.core.records import CODE, START, WORDS, attempt, opened, question, read_as, state_of
from tests.interviews.house import check_run
from viva.core.events import Agreed, Closed, Event, Graded, Heard, Observed, Overruled, Posed, Said, Submitted
from viva.core.evidence import CheckRun, Ended, Evidence, NotObserved, TurnKind
from viva.core.values import (
    Attempt,
    Digest,
    Dimension,
    Fault,
    Mode,
    MoveKind,
    Question,
    Score,
    Step,
    Unscored,
    digest_of,
)
from viva.interviews.live import Live
from viva.interviews.scorecard import Files, scorecard
from viva.interviews.views import GradeJson, ScorecardJson

OTHER = replace(CODE, question="other", question_digest=Digest("sha256:o"), title="Other")
LATE = Fault(id="late", says="the mask came late", checks=frozenset({"check_1"}))
BOOK: dict[str, Question] = {
    "code": replace(question(faults=(LATE,)), id="code", topics=("masks", "shapes", "more")),
    "other": replace(question(), id="other"),
    "words": replace(question("concept"), id="words", topics=()),
}
SAID_NEXT = Said(by="viva", move=MoveKind.MOVE_ON, text="On.", reason="test")


def begun(*steps: Step, mode: Mode = "practice") -> list[Event]:
    """A record up to the first question."""
    return [opened(mode, steps or (CODE,)), Agreed(deadline=None), Posed(step=0, deadline=None)]


TOLD = ("a", "hidden input")


def scored(of: Attempt, value: float, because: tuple[str, ...] = TOLD) -> Score:
    """A grade that rests on one run."""
    return Score(
        dimension=Dimension.CORRECTNESS, attempt=of.digest, value=value, because=because,
        evidence=(digest_of(of.digest),), grader="g@1",
    )  # fmt: skip


def judged(of: Attempt, evidence: CheckRun, value: float, because: tuple[str, ...] = TOLD) -> list[Event | None]:
    """The rows of an attempt: handed in, run, graded."""
    run = Observed(request=digest_of(of.digest), evidence=evidence)
    return [Submitted(attempt=of), run, Graded(grade=scored(of, value, because))]


def card(events: Sequence[Event | None], files: Files | None = None) -> ScorecardJson:
    """The scorecard of a record."""
    live = Live(name="n", state=state_of(*events), book=BOOK)
    return scorecard("token", live, files or {}, START)


def ended(*events: Event | None) -> ScorecardJson:
    """The scorecard once a record has closed."""
    return card([*events, Closed(why="done")])


def correctness(shown: ScorecardJson, index: int = 0) -> GradeJson:
    """A question's grade."""
    return shown["questions"][index]["grades"]["correctness"]


RIGHT, PART, NONE = check_run(True, True, True), check_run(True, False, True), check_run(False, False)
UNLOADED = check_run(ended=Ended.CANDIDATE_ERROR, says="Line 2 is no Python.")
AGAIN = attempt("x = 2", 2)
SECOND = replace(attempt("y"), question="other", question_digest=OTHER.question_digest)
NEXT_STEP: list[Event] = [SAID_NEXT, Posed(step=1, deadline=None)]

HEADLINES: list[tuple[str, Sequence[Event | None], str]] = [
    ("all of one", [*begun(), *judged(attempt(), RIGHT, 1.0)], "Every check passed."),
    ("some of one", [*begun(), *judged(attempt(), PART, 0.5)], "2 of 3 checks passed."),
    ("none of one", [*begun(), *judged(attempt(), NONE, 0.0)], "0 of 2 checks passed."),
    ("no code", [*begun(), *judged(attempt(), UNLOADED, 0.0)], "Your code could not be loaded."),
    (
        "all of two",
        [*begun(CODE, OTHER), *judged(attempt(), RIGHT, 1.0), *NEXT_STEP, *judged(SECOND, RIGHT, 1.0)],
        "Every check of all 2 coding questions passed.",
    ),
    (
        "one of two",
        [*begun(CODE, OTHER), *judged(attempt(), RIGHT, 1.0), *NEXT_STEP, *judged(SECOND, PART, 0.5)],
        "1 of 2 coding questions pass every check.",
    ),
    ("nothing", begun(), "Nothing was handed in."),
    (
        "words",
        [*begun(WORDS), Heard(text="a"), read_as(state_of(*begun(WORDS), Heard(text="a")), TurnKind.ANSWER)],
        "1 answer recorded.",
    ),
    (
        "ungraded code at two questions",
        [*begun(CODE, OTHER), Submitted(attempt=attempt()), *NEXT_STEP, Submitted(attempt=SECOND)],
        "2 answers recorded.",
    ),
]


@pytest.mark.parametrize(("events", "words"), [case[1:] for case in HEADLINES], ids=[case[0] for case in HEADLINES])
def test_the_first_line_says_how_many_checks_passed_and_no_more(events: Sequence[Event | None], words: str) -> None:
    assert ended(*events)["headline"] == words


def test_while_nothing_is_shown_yet_the_first_line_says_so() -> None:
    assert card(begun())["headline"] == "Nothing has been handed in yet."
    screened = [*begun(mode="screening"), *judged(attempt(), PART, 0.5)]
    shown = card(screened)
    assert shown["headline"] == "Your scorecard opens when the interview has ended."
    assert (shown["good"], shown["next"], shown["shown"]) == ([], [], False)
    left = card([*begun(CODE, OTHER, mode="screening"), SAID_NEXT])
    assert (left["good"], left["next"], left["shown"]) == ([], [], False)
    assert ended(*screened)["shown"] and ended(*screened)["headline"] == "2 of 3 checks passed."


def test_what_was_good_names_checks_that_passed_hidden_ones_first_and_the_heaviest() -> None:
    def good(*events: Event | None) -> list[str]:
        return ended(*begun(), *events)["good"]

    assert good(*judged(attempt(), RIGHT, 1.0)) == ["Code: every check passed, on the first attempt."]
    later = [*judged(attempt(), PART, 0.5), *judged(AGAIN, RIGHT, 1.0)]
    assert good(*later) == ["Code: every check passed, on attempt 2."]
    run = check_run(True, False, True, True, True)
    run = replace(run, checks=tuple(replace(check, weight=float(n)) for n, check in enumerate(run.checks)))
    assert good(*judged(attempt(), run, 0.8)) == ["Code: check number 4; check number 3."]
    assert good(*judged(attempt(), check_run(True, False), 0.5)) == [], "what everybody saw pass is no praise"
    assert good(*judged(attempt(), NONE, 0.0)) == []
    assert good() == []


def test_what_is_next_names_the_known_fault_where_it_fits_and_else_the_heaviest_failing_check() -> None:
    def steps(*events: Event | None) -> list[str]:
        return ended(*begun(), *events)["next"]

    assert steps(*judged(attempt(), PART, 0.5)) == ["Code: it looks as if the mask came late."]
    run = check_run(True, False, False)
    heavy = replace(run, checks=(*run.checks[:2], replace(run.checks[2], weight=2.0)))
    assert steps(*judged(attempt(), heavy, 0.5)) == ["Code: look at “check number 2”."]
    assert steps(*judged(attempt(), RIGHT, 1.0)) == []
    assert steps() == ["Code: nothing was handed in; practise masks, shapes again."]


def test_at_most_two_next_steps_are_named_what_could_not_be_loaded_first() -> None:
    third = replace(CODE, question="words", question_digest=Digest("sha256:3"), title="Third", kind="coding")
    broken = replace(SECOND, question="words", question_digest=third.question_digest)
    events = [
        *begun(OTHER, CODE, third),
        *NEXT_STEP,
        *judged(attempt(), PART, 0.5),
        SAID_NEXT,
        Posed(step=2, deadline=None),
        *judged(broken, UNLOADED, 0.0, ("No.",)),
    ]
    assert ended(*events)["next"] == ["Third: No.", "Code: it looks as if the mask came late."]
    assert ended(*events[:5])["next"] == [
        "Other: nothing was handed in; practise it again.",
        "Code: nothing was handed in; practise masks, shapes again.",
    ]


def test_the_last_scored_attempt_counts_and_our_fault_never_takes_its_place() -> None:
    ours = Unscored(
        dimension=Dimension.CORRECTNESS, attempt=AGAIN.digest, whose="machine", why="Ours.", evidence=(), grader="g@1"
    )
    craft = replace(scored(AGAIN, 1.0), dimension=Dimension.CRAFT)
    first = [*begun(), *judged(attempt(), PART, 0.5)]
    worse = ended(*first, *judged(AGAIN, NONE, 0.0))
    assert worse["questions"][0]["counts"] == AGAIN.digest and correctness(worse)["value"] == 0.0
    for unscored in ([Graded(grade=ours)], [Graded(grade=ours), Graded(grade=craft)]):
        shown = ended(*first, Submitted(attempt=AGAIN), *unscored)
        assert shown["questions"][0]["counts"] == attempt().digest and correctness(shown)["value"] == 0.5
        assert [entry["ordinal"] for entry in shown["questions"][0]["attempts"]] == [1, 2], "all are shown"
    alone = ended(*begun(), Submitted(attempt=AGAIN), Graded(grade=ours))
    assert alone["questions"][0]["counts"] == AGAIN.digest
    assert (correctness(alone)["value"], correctness(alone)["unscored"]) == (None, "Ours.")


def test_a_grade_whose_evidence_was_erased_stands_and_says_so() -> None:
    rows = judged(attempt(), PART, 0.5)
    rows[1] = None
    rows[2] = Graded(grade=scored(attempt(), 0.5, ("2 of 3 checks pass.", "b")))
    shown = ended(*begun(), *rows)
    (erased,) = correctness(shown)["evidence"]
    assert (erased["kind"], erased["title"], correctness(shown)["value"]) == ("none", "Erased", 0.5)
    assert (shown["headline"], shown["good"], shown["next"]) == ("2 of 3 checks pass.", [], [])
    rows[2] = Graded(grade=scored(attempt(), 1.0))
    assert ended(*begun(), *rows)["headline"] == "Every check passed."


def word(value: float, dimension: Dimension = Dimension.CORRECTNESS, of: str = "code") -> Overruled:
    return Overruled(question=of, dimension=dimension, value=value, reason="the check was wrong", by="R. Bell")


def test_a_persons_word_stands_in_the_grades_place_and_the_machines_reasons_beside_it() -> None:
    shown = ended(*begun(), *judged(attempt(), PART, 0.5), word(0.75), word(1.0))
    grade = correctness(shown)
    assert (grade["value"], grade["unscored"], grade["because"]) == (1.0, None, ["a", "hidden input"])
    assert grade["overruled"] == "A person set this, R. Bell: the check was wrong"
    assert len(grade["evidence"]) == 4, "the run and its three checks"
    assert shown["headline"] == "A person set your grade to 100%."
    assert shown["good"] == ["Code: check number 2."], "no check is said to have passed that did not"
    assert shown["next"] == []
    unloaded = ended(*begun(), *judged(attempt(), UNLOADED, 0.0), word(1.0))
    assert (unloaded["good"], unloaded["next"]) == ([], [])


def test_a_persons_word_is_shown_where_the_machine_gave_no_grade() -> None:
    ours = Unscored(
        dimension=Dimension.CORRECTNESS, attempt=attempt().digest, whose="machine", why="Ours.", evidence=(),
        grader="g@1",
    )  # fmt: skip
    submitted = [*begun(), Submitted(attempt=attempt()), Graded(grade=ours)]
    for events in (submitted, begun()):
        shown = ended(*events, word(0.5), word(0.25, of="other"))
        assert (correctness(shown)["value"], correctness(shown)["unscored"]) == (0.5, None)
        assert shown["next"] == []
    grades = ended(*submitted, word(0.5, Dimension.USEFULNESS))["questions"][0]["grades"]
    assert list(grades) == ["correctness", "usefulness"] and grades["usefulness"]["value"] == 0.5
    assert grades["usefulness"]["evidence"][0]["title"] == "Nothing was graded"
    words = ended(*begun(WORDS), word(0.5, Dimension.UNDERSTANDING, of="words"))
    assert words["questions"][0]["grades"]["understanding"]["value"] == 0.5 and words["next"] == []


def test_a_closed_screening_shows_titles_and_hides_words_inputs_and_known_faults() -> None:
    events = judged(attempt(), PART, 0.5)
    shown = ended(*begun(mode="screening"), *events)
    _, *checks = correctness(shown)["evidence"]
    assert [entry["title"] for entry in checks] == ["check number 0", "check number 1", "check number 2"]
    assert [entry["says"] for entry in checks] == ["", "", ""]
    assert correctness(shown)["because"] == ["a"]
    assert shown["next"] == ["Code: look at “check number 1”."]
    assert shown["questions"][0]["solution"] is None
    practised = ended(*begun(), *events)
    assert [entry["says"] for entry in correctness(practised)["evidence"][1:]] == ["", "hidden words 1", ""]
    assert correctness(practised)["because"] == ["a", "hidden input"]


def test_practice_shows_grades_of_a_question_once_it_was_left() -> None:
    events = [*begun(CODE, OTHER), *judged(attempt(), PART, 0.5)]
    assert card(events)["questions"][0]["grades"] == {}
    shown = card([*events, *NEXT_STEP])
    assert (correctness(shown)["value"], shown["questions"][1]["grades"], shown["shown"]) == (0.5, {}, True)


@pytest.mark.parametrize(
    ("evidence", "kind", "says"),
    [
        (NotObserved(whose="machine", why="No jail."), "none", "No jail."),
        (UNLOADED, "run", "Line 2 is no Python."),
        (check_run(), "run", "The run finished."),
        (replace(check_run(), jail=False), "run", "This ran without a jail."),
        (replace(UNLOADED, jail=False), "run", "Line 2 is no Python. This ran without a jail."),
    ],
)
def test_every_grade_opens_what_it_rests_on(evidence: Evidence, kind: str, says: str) -> None:
    seen = Observed(request=digest_of(attempt().digest), evidence=evidence)
    shown = ended(*begun(), Submitted(attempt=attempt()), seen, Graded(grade=scored(attempt(), 0.5)))
    (entry,) = correctness(shown)["evidence"]
    assert (entry["kind"], entry["says"]) == (kind, says)


def test_a_solution_is_what_the_frameworks_answers_and_faults_of_the_question_say() -> None:
    files = {
        "numpy/solution.py": b"right",
        "jax/solution.py": b"not offered",
        "answers/strong_b.md": b"---\npoints = 1\n---\nSecond.\n",
        "answers/strong_a.md": b"First.\n",
        "answers/wrong_a.md": b"Wrong.",
        "checks.py": b"secret",
    }
    shown = card([*begun(), SAID_NEXT], {"code": files})["questions"][0]["solution"]
    assert shown == {
        "solutions": {"numpy": "right"},
        "answers": ["First.", "Second."],
        "faults": ["It goes wrong when the mask came late."],
    }


def test_minutes_count_from_the_agreement_to_the_close() -> None:
    assert card([opened()])["minutes_used"] == 0.0
    assert ended(*begun())["minutes_used"] == 2.0, "rows 2 to 4 of records lie two minutes apart"
