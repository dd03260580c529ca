"""Worked cases of the rubric grader: what an answer's verdicts are worth, and every sentence that a candidate reads."""

from dataclasses import replace

import pytest

from tests.core.records import question
from viva.core.evidence import Evidence, Matches, NotObserved, PointMatch, PointVerdict
from viva.core.requests import MatchPoints, request_digest
from viva.core.values import Attempt, Dimension, Grade, Misconception, Point, Question, Reading, Rubric, Score, Unscored
from viva.grading import UnderstandingGrader
from viva.grading.awaited import NOT_YET
from viva.grading.words import QUOTED, because, next_step, quoted

TEXT = "Queries meet keys. The softmax makes weights. Scaling saves time."
QUERIES, SOFTMAX, SCALING = (0, 18), (19, 45), (46, 65)

PAPER = Reading(title="The paper", url="https://example.org/paper")
POINTS = (
    Point(
        id="compare", says="Each query is compared with every key.", weight=2, topic="how tokens are weighed",
        without="the comparison is a scaled dot product", read=(PAPER, Reading(title="Another", url="https://example.org/")),
    ),
    Point(id="softmax", says="a softmax makes weights", weight=1, topic="how scores become weights"),
    Point(id="scale", says="The scale keeps the softmax from saturating.", weight=1, topic="why scores are scaled"),
)  # fmt: skip
SPEED = Misconception(id="speed", says="Scaling is for speed.", correction="It saves no time.", costs=0.5)
FIXED = Misconception(id="fixed", says="Weights are fixed.", correction="They are computed anew.", costs=1)
RUBRIC = Rubric(points=POINTS, misconceptions=(SPEED, FIXED))


def asked(rubric: Rubric = RUBRIC) -> Question:
    return replace(question("concept"), rubric=rubric)


ATTEMPT = Attempt(question="words", question_digest=asked().digest, framework=None, content=TEXT, ordinal=1)
REQUEST = MatchPoints(question=ATTEMPT.question_digest, of=ATTEMPT.digest)


def match(
    point: str, verdict: PointVerdict, quote: tuple[int, int] | None = None, probability: float = 0.75
) -> PointMatch:
    return PointMatch(point=point, verdict=verdict, probability=probability, quote=quote)


def matches(compare: PointVerdict, softmax: PointVerdict, scale: PointVerdict, *held: str, unread: str = "") -> Matches:
    """Verdicts on the three points, in order, and the misconceptions that are held."""
    quotes = dict(zip(("compare", "softmax", "scale"), (QUERIES, SOFTMAX, SCALING), strict=True))
    verdicts = dict(zip(quotes, (compare, softmax, scale), strict=True))
    return Matches(
        points=tuple(match(id, verdict, None if verdict == "missing" else quotes[id]) for id, verdict in verdicts.items()),
        misconceptions=tuple(
            match(known.id, "wrong" if known.id in held else "missing", SCALING if known.id in held else None)
            for known in RUBRIC.misconceptions
        ),
        unread=unread,
    )  # fmt: skip


def graded(evidence: Evidence, rubric: Rubric = RUBRIC) -> Grade:
    grader = UnderstandingGrader()
    assert grader.wants(asked(rubric), ATTEMPT, "", {}) == REQUEST
    assert grader.wants(asked(rubric), ATTEMPT, "", {REQUEST: evidence}) is None
    return grader.grade(asked(rubric), ATTEMPT, "", {REQUEST: evidence})


WORTH: list[tuple[Matches, float]] = [
    (matches("said", "said", "said"), 1.0),
    (matches("missing", "missing", "missing"), 0.0),
    (matches("said", "missing", "missing"), 0.5),
    (matches("missing", "said", "missing"), 0.25),
    (matches("partly", "missing", "missing"), 0.25),
    (matches("partly", "partly", "partly"), 0.5),
    (matches("wrong", "said", "said"), 0.5),
    (matches("said", "said", "unsure"), 0.75 + 0.75 / 4),
    (matches("said", "said", "missing", "speed"), 0.75 - 0.5 / 4),
    (matches("said", "said", "wrong", "speed"), 0.75 - 0.5 / 4),
    (matches("said", "said", "said", "speed", "fixed"), 1 - 1.5 / 4),
    (matches("missing", "partly", "missing", "speed", "fixed"), 0.0),
]


@pytest.mark.parametrize(("found", "value"), WORTH)
def test_points_are_worth_their_weight_halves_half_and_misconceptions_cost(found: Matches, value: float) -> None:
    score = graded(found)
    assert isinstance(score, Score)
    assert score.value == pytest.approx(value)
    assert (score.dimension, score.grader) == (Dimension.UNDERSTANDING, "understanding@1")
    assert (score.attempt, score.evidence) == (ATTEMPT.digest, (request_digest(REQUEST),))


def test_a_contradiction_is_not_worth_less_than_silence_unless_the_rubric_knows_it_as_a_misconception() -> None:
    silent, contrary = graded(matches("said", "said", "missing")), graded(matches("said", "said", "wrong"))
    known = graded(matches("said", "said", "wrong", "speed"))
    assert isinstance(silent, Score) and isinstance(contrary, Score) and isinstance(known, Score)
    assert silent.value == contrary.value > known.value


def test_a_misconception_that_may_or_may_not_be_held_costs_nothing_and_is_not_told() -> None:
    sure = matches("said", "said", "said")
    doubtful = replace(sure, misconceptions=(match("speed", "unsure", SCALING), match("fixed", "missing")))
    assert graded(doubtful) == graded(sure)


def test_a_misconception_that_the_rubric_does_not_have_costs_nothing() -> None:
    stranger = replace(matches("said", "said", "said"), misconceptions=(match("other", "wrong", SCALING),))
    assert graded(stranger) == graded(matches("said", "said", "said"))


@pytest.mark.parametrize(
    ("found", "rubric", "why"),
    [
        (
            matches("unsure", "said", "said"),
            RUBRIC,
            "viva is not sure of 1 of the 3 points, and that is too much for a grade. A person should look.",
        ),
        (
            matches("said", "unsure", "unsure"),
            RUBRIC,
            "viva is not sure of 2 of the 3 points, and that is too much for a grade. A person should look.",
        ),
        (
            matches("said", "said", "said", unread="It is mostly not in English."),
            RUBRIC,
            "It is mostly not in English. A person should look.",
        ),
        (
            Matches(points=matches("said", "said", "said").points[:2]),
            RUBRIC,
            "What was observed is not about the points of this rubric. A person should look.",
        ),
        (
            Matches(points=()),
            Rubric(),
            "What was observed is not about the points of this rubric. A person should look.",
        ),
    ],
)
def test_much_doubt_is_no_grade_and_asks_for_a_person(found: Matches, rubric: Rubric, why: str) -> None:
    grade = graded(found, rubric)
    assert isinstance(grade, Unscored)
    assert (grade.whose, grade.why, grade.evidence) == ("unsure", why, (request_digest(REQUEST),))


def test_a_third_of_the_weight_may_be_unsure_and_no_more() -> None:
    third = Rubric(points=tuple(replace(point, weight=1.0) for point in POINTS))
    assert isinstance(graded(matches("said", "unsure", "said"), third), Score)
    more = Rubric(points=(replace(POINTS[0], weight=1.01), *third.points[1:]))
    assert isinstance(graded(matches("unsure", "said", "said"), more), Unscored)


@pytest.mark.parametrize(
    ("whose", "why"),
    [("nobody", NOT_YET), ("machine", "The model file is gone. That is our fault, not yours.")],
)
def test_what_was_not_observed_is_no_grade_and_our_failure_is_said_as_ours(whose: str, why: str) -> None:
    grade = graded(NotObserved(whose=whose, why="The model file is gone."))  # type: ignore[arg-type]
    assert isinstance(grade, Unscored)
    assert (grade.whose, grade.why) == (whose, why)


# ---- what is said ----------------------------------------------------------------------------------------------------


def test_a_grade_says_what_was_said_and_not_so_and_missing_with_quotes_and_the_next_step() -> None:
    score = graded(matches("partly", "said", "wrong", "fixed"))
    assert isinstance(score, Score)
    assert score.because == (
        "You said 1 of the 3 points, and 1 more in part.",
        "How scores become weights: you said “The softmax makes weights”.",
        (
            "How tokens are weighed: you said a part of it, “Queries meet keys”. "
            "In full: Each query is compared with every key."
        ),
        "“Scaling saves time” is not so. They are computed anew.",
        "Next, on how tokens are weighed, read “The paper” (https://example.org/paper).",
    )


def test_where_points_may_not_be_told_one_that_was_not_said_is_named_by_its_topic_only() -> None:
    found = matches("partly", "missing", "unsure", "speed")
    assert because(RUBRIC, TEXT, found, told=False) == (
        "You said 1 of the 3 points in part.",
        "How tokens are weighed: you said a part of it, “Queries meet keys”.",
        "Why scores are scaled: viva cannot tell whether “Scaling saves time” says it. A person should look.",
        "How scores become weights: viva did not find this in your answer.",
        "“Scaling saves time” is not so.",
    )
    assert next_step(RUBRIC, found, told=False) == "Next, look again at how tokens are weighed."
    told = " ".join(because(RUBRIC, TEXT, found))
    assert "A softmax makes weights." in told and "It saves no time." in told
    hidden = " ".join((*because(RUBRIC, TEXT, matches("wrong", "missing", "missing", "speed"), told=False),))
    for secret in (*(point.says for point in POINTS), POINTS[0].without, SPEED.correction, PAPER.title):
        assert secret.lower().rstrip(".") not in hidden.lower()


def test_a_contradiction_that_is_a_known_misconception_is_told_once_with_its_correction() -> None:
    wrong = because(RUBRIC, TEXT, matches("said", "said", "wrong"))
    assert wrong[-1] == (
        "Why scores are scaled: viva reads “Scaling saves time” as the contrary. "
        "The scale keeps the softmax from saturating."
    )
    known = because(RUBRIC, TEXT, matches("said", "said", "wrong", "speed"))
    assert known[-1] == "“Scaling saves time” is not so. It saves no time."
    assert sum("Scaling" in sentence for sentence in known) == 1
    elsewhere = matches("said", "said", "wrong", "speed")
    elsewhere = replace(elsewhere, misconceptions=(match("speed", "wrong", QUERIES),))
    assert len(because(RUBRIC, TEXT, elsewhere)) == len(known) + 1, "another passage is another thing to say"


def test_what_has_no_quote_is_told_without_one() -> None:
    found = Matches(
        points=(match("compare", "wrong"), match("softmax", "said"), match("scale", "unsure")),
        misconceptions=(match("speed", "wrong"),),
    )
    assert because(RUBRIC, TEXT, found)[1:] == (
        "How scores become weights: you said it.",
        "How tokens are weighed: viva reads what you said as the contrary. Each query is compared with every key.",
        "Why scores are scaled: viva cannot tell whether your answer says it. A person should look.",
        "What you said is not so. It saves no time.",
    )
    partly = Matches(points=(match("compare", "said"), match("softmax", "partly"), match("scale", "said")))
    assert because(RUBRIC, TEXT, partly)[-1].endswith(
        "weights: you said a part of it. In full: A softmax makes weights."
    )


@pytest.mark.parametrize(
    ("verdicts", "says"),
    [
        (("said", "said", "said"), "You said all 3 points."),
        (("said", "said", "missing"), "You said 2 of the 3 points."),
        (("said", "partly", "missing"), "You said 1 of the 3 points, and 1 more in part."),
        (("wrong", "partly", "partly"), "You said 2 of the 3 points in part."),
        (("missing", "unsure", "wrong"), "viva found none of the 3 points in your answer."),
        (("said",), "You said the one point."),
        (("partly",), "You said the one point in part."),
        (("missing",), "viva did not find the one point in your answer."),
    ],
)
def test_the_first_sentence_counts(verdicts: tuple[PointVerdict, ...], says: str) -> None:
    rubric = Rubric(points=POINTS[: len(verdicts)])
    found = Matches(
        points=tuple(match(point.id, verdict) for point, verdict in zip(rubric.points, verdicts, strict=True))
    )
    assert because(rubric, TEXT, found)[0] == says


def test_the_next_step_is_of_the_point_of_which_most_was_lost_and_none_where_nothing_was() -> None:
    assert next_step(RUBRIC, matches("said", "missing", "wrong")) == "Next, look again at how scores become weights."
    assert next_step(RUBRIC, matches("partly", "said", "missing")).startswith("Next, on how tokens are weighed, read")
    assert next_step(RUBRIC, matches("said", "said", "unsure")) == ""
    assert next_step(Rubric(), Matches(points=())) == ""
    score = graded(matches("said", "said", "said"))
    assert isinstance(score, Score) and not any("Next" in sentence for sentence in score.because)


def test_a_long_quote_is_cut_in_its_middle_and_stands_on_one_line() -> None:
    text = "begin " + "word\n\n " * 100 + "end"
    shown = quoted(text, match("compare", "said", (0, len(text))))
    assert shown.startswith("“begin word word") and shown.endswith("word end”") and " … " in shown
    assert len(shown) <= QUOTED + 5 and "\n" not in shown
