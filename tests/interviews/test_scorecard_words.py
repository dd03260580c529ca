"""Worked cases of the scorecard of words: quotes in the candidate's own messages, and what each mode tells of a point."""

import json
from dataclasses import replace

import pytest

from tests.core.records import START, WORDS, opened, question, read_as, state_of
from viva.core.events import Agreed, Closed, Event, Graded, Heard, Observed, Overruled, Posed, Said
from viva.core.evidence import Matches, PointMatch, PointVerdict, TurnKind
from viva.core.look import all_attempts
from viva.core.requests import MatchPoints, request_digest
from viva.core.values import (
    Attempt,
    Dimension,
    Grade,
    Misconception,
    Mode,
    MoveKind,
    Point,
    Reading,
    Rubric,
    Step,
)  # fmt: skip
from viva.grading import UnderstandingGrader
from viva.interviews.live import Live
from viva.interviews.scorecard import scorecard
from viva.interviews.views import EvidenceJson, GradeJson, ScorecardJson

FIRST, SECOND = "Queries meet keys. A softmax makes weights.", "Scaling saves time."
SOFTMAX, SPEED = "A softmax makes weights.", "Scaling saves time."
PAPER = Reading(title="The paper", url="https://example.org/paper")
RUBRIC = Rubric(
    points=(
        Point(id="compare", says="Each query meets each key.", weight=2, topic="how tokens are weighed",
              without="by dot products", read=(PAPER,)),
        Point(id="softmax", says="A softmax makes the weights.", weight=1, topic="how scores become weights"),
        Point(id="scale", says="The scale keeps gradients alive.", weight=1, topic="why scores are scaled"),
    ),
    misconceptions=(Misconception(id="speed", says="Scaling is for speed.", correction="It saves no time.", costs=0.5),),
)  # fmt: skip
ASKED = replace(question("concept"), id="words", rubric=RUBRIC)
LEFT = Said(by="viva", move=MoveKind.MOVE_ON, text="On.", reason="test")
SECRETS = ("Each query meets each key", "by dot products", "keeps gradients alive", "It saves no time", "example.org")


def said(*texts: str, mode: Mode = "practice", steps: tuple[Step, ...] = (WORDS,)) -> list[Event | None]:
    """A record in which these messages answer the first question, which is then left."""
    events: list[Event | None] = [opened(mode, steps), Agreed(deadline=None), Posed(step=0, deadline=None)]
    for text in texts:
        events.append(Heard(text=text))
        events.append(read_as(state_of(*events), TurnKind.ANSWER))
    return [*events, LEFT]


def matched(compare: PointVerdict, softmax: PointVerdict, scale: PointVerdict, *, held: bool = False) -> Matches:
    """Verdicts on the three points, each that is not missing with its quote, and on the misconception."""
    text = f"{FIRST}\n\n{SECOND}"
    places = {name: (text.index(quote), text.index(quote) + len(quote)) for name, quote in
              (("compare", "Queries meet keys."), ("softmax", SOFTMAX), ("scale", SPEED))}  # fmt: skip
    verdicts = dict(zip(places, (compare, softmax, scale), strict=True))
    speed: PointVerdict = "wrong" if held else "missing"
    return Matches(
        points=tuple(
            PointMatch(point=id, verdict=verdict, probability=0.9, quote=None if verdict == "missing" else places[id])
            for id, verdict in verdicts.items()
        ),
        misconceptions=(
            PointMatch(point="speed", verdict=speed, probability=0.8, quote=places["scale"] if held else None),
        ),
    )


def attempt_of(events: list[Event | None]) -> Attempt:
    (entry,) = all_attempts(state_of(*events))
    return entry.attempt


def graded(events: list[Event | None], matches: Matches) -> list[Event | None]:
    """The record with the real grader's grade from these matches."""
    attempt = attempt_of(events)
    request = MatchPoints(question=attempt.question_digest, of=attempt.digest)
    grade: Grade = UnderstandingGrader().grade(ASKED, attempt, "", {request: matches})
    return [*events, Observed(request=request_digest(request), evidence=matches), Graded(grade=grade)]


def card(events: list[Event | None], mode_closed: bool = True) -> ScorecardJson:
    events = [*events, Closed(why="done")] if mode_closed else events
    other = replace(ASKED, id="second")
    live = Live(name="n", state=state_of(*events), book={"words": ASKED, "second": other})
    return scorecard("token", live, {}, START)


def understanding(shown: ScorecardJson) -> GradeJson:
    return shown["questions"][0]["grades"]["understanding"]


def entries(shown: ScorecardJson) -> dict[str, EvidenceJson]:
    return {entry["id"].rpartition("#")[2]: entry for entry in understanding(shown)["evidence"]}


PART = matched("partly", "said", "missing", held=True)


def test_every_point_opens_with_verdict_probability_and_its_quote_in_the_candidates_own_message() -> None:
    shown = card(graded(said(FIRST, SECOND), PART))
    found = entries(shown)
    assert list(found) == ["compare", "softmax", "scale", "speed"]
    assert {entry["kind"] for entry in found.values()} == {"quote"}
    first, second = shown["questions"][0]["messages"]
    softmax, speed = found["softmax"], found["speed"]
    assert (softmax["title"], softmax["verdict"], softmax["probability"]) == ("how scores become weights", "said", 0.9)
    assert softmax["message"] == first["seq"] and first["text"][softmax["start"] : softmax["end"]] == SOFTMAX
    assert speed["message"] == second["seq"] and (speed["start"], speed["end"], speed["text"]) == (0, 19, SPEED)
    assert "message" not in found["scale"] and "text" not in found["scale"]
    assert [entry.get("weight") for entry in found.values()] == [2, 1, 1, None]


def test_a_quote_over_two_messages_ends_with_the_first() -> None:
    matches = matched("said", "said", "said")
    over = replace(matches.points[1], quote=(FIRST.index(SOFTMAX), len(FIRST) + 10))
    between = replace(matches.points[2], quote=(len(FIRST), len(FIRST) + 1))
    shown = card(graded(said(FIRST, SECOND), replace(matches, points=(matches.points[0], over, between))))
    assert entries(shown)["softmax"]["text"] == SOFTMAX
    assert "message" not in entries(shown)["scale"], "what stands between two messages is in neither"


def test_practice_tells_points_what_is_left_corrections_and_what_to_read() -> None:
    shown = card(graded(said(FIRST, SECOND), PART))
    assert {id: entry["says"] for id, entry in entries(shown).items()} == {
        "compare": "In full: Each query meets each key.",
        "softmax": "A softmax makes the weights.",
        "scale": "The scale keeps gradients alive.",
        "speed": "It saves no time.",
    }
    assert {id: entry["read"] for id, entry in entries(shown).items() if "read" in entry} == {
        "compare": [{"title": "The paper", "url": "https://example.org/paper"}]
    }
    assert understanding(shown)["because"][-1].endswith("read “The paper” (https://example.org/paper).")
    assert shown["headline"] == "You said 1 of the 3 points, and 1 more in part."
    assert shown["good"] == ["Words: how scores become weights, “A softmax makes weights”."]
    assert shown["next"] == [
        "Words: look again at how tokens are weighed; read “The paper” (https://example.org/paper).",
        "Words: “Scaling saves time” is not so. It saves no time.",
    ]


@pytest.mark.parametrize(
    "matches", [PART, matched("missing", "wrong", "unsure"), matched("missing", "missing", "wrong", held=True)]
)
def test_a_closed_screening_names_what_was_not_said_by_its_topic_and_by_nothing_else(matches: Matches) -> None:
    shown = card(graded(said(FIRST, SECOND, mode="screening"), matches))
    told = json.dumps({**shown, "questions": [{**shown["questions"][0], "messages": [], "attempts": []}]})
    assert not [secret for secret in SECRETS if secret in told]
    assert [entry["title"] for entry in entries(shown).values()][:3] == [point.topic for point in RUBRIC.points]
    assert all(point.topic in told for point in RUBRIC.points)


def test_a_closed_screening_tells_the_points_that_were_said_and_the_quotes() -> None:
    shown = card(graded(said(FIRST, SECOND, mode="screening"), PART))
    assert {id: entry["says"] for id, entry in entries(shown).items()} == {
        "compare": "", "softmax": "A softmax makes the weights.", "scale": "", "speed": "",
    }  # fmt: skip
    assert understanding(shown)["because"] == [
        "You said 1 of the 3 points, and 1 more in part.",
        "How scores become weights: you said “A softmax makes weights”.",
        "How tokens are weighed: you said a part of it, “Queries meet keys”.",
        "Why scores are scaled: viva did not find this in your answer.",
        "“Scaling saves time” is not so.",
        "Next, look again at how tokens are weighed.",
    ]
    assert shown["next"] == [
        "Words: look again at how tokens are weighed.",
        "Words: “Scaling saves time” is not so.",
    ]


def test_an_open_screening_shows_nothing_and_practice_a_question_that_was_left() -> None:
    second = replace(WORDS, question="second", title="Second")
    steps = (WORDS, second)
    screened = card(graded(said(FIRST, SECOND, mode="screening", steps=steps), PART), mode_closed=False)
    assert screened["questions"][0]["grades"] == {} and screened["good"] == screened["next"] == []
    practised = card(graded(said(FIRST, SECOND, steps=steps), PART), mode_closed=False)
    assert understanding(practised)["value"] == pytest.approx((1 + 1 - 0.5) / 4)


def test_much_doubt_shows_no_value_and_says_that_a_person_should_look() -> None:
    shown = card(graded(said(FIRST, SECOND), matched("unsure", "said", "said")))
    grade = understanding(shown)
    assert (grade["value"], grade["whose"], grade["because"]) == (None, "unsure", [])
    assert grade["unscored"] is not None and grade["unscored"].endswith("A person should look.")
    assert entries(shown)["compare"]["verdict"] == "unsure", "the points are shown all the same"
    assert shown["headline"] == "What you said is kept; a person should look at it."


def test_where_the_evidence_was_erased_the_grade_stands_and_a_screening_tells_its_first_sentence_only() -> None:
    modes: tuple[tuple[Mode, bool], ...] = (("practice", True), ("screening", False))
    for mode, many in modes:
        events = graded(said(FIRST, SECOND, mode=mode), PART)
        events[-2] = None
        shown = card(events)
        assert understanding(shown)["value"] == pytest.approx(0.375)
        assert (len(understanding(shown)["because"]) > 1) is many
        assert [entry["title"] for entry in understanding(shown)["evidence"]] == ["Erased"]
        assert (shown["headline"], shown["next"]) == ("You said 1 of the 3 points, and 1 more in part.", [])


def test_the_first_line_counts_points_over_all_questions_in_words() -> None:
    second = replace(WORDS, question="second", title="Second")
    events = graded(said(FIRST, SECOND, steps=(WORDS, second)), PART)
    events += [Posed(step=1, deadline=None), Heard(text=FIRST)]
    events += [read_as(state_of(*events), TurnKind.ANSWER), LEFT]
    attempt = all_attempts(state_of(*events))[-1].attempt
    request, full = (
        MatchPoints(question=attempt.question_digest, of=attempt.digest),
        matched("said", "said", "missing"),
    )
    score = UnderstandingGrader().grade(ASKED, attempt, "", {request: full})
    events += [Observed(request=request_digest(request), evidence=full), Graded(grade=score)]
    assert card(events)["headline"] == "You said 3 of the 6 points of 2 questions in words."


def test_a_persons_word_on_an_answer_is_the_first_line() -> None:
    word = Overruled(
        question="words", dimension=Dimension.UNDERSTANDING, value=0.75, reason="It was said.", by="R. Bell"
    )
    shown = card([*graded(said(FIRST, SECOND), PART), word])
    assert shown["headline"] == "A person set your grade to 75%."
    assert shown["next"] == []
