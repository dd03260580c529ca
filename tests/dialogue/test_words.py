"""What practice says of an answer in words once its question was left: each point by its topic, once, and nothing hidden."""

from dataclasses import replace
from typing import Literal

import pytest

from tests.core.records import CODE, WORDS, opened, state_of
from tests.dialogue.test_policy import BOOK, begun, graded, heard, move_after, said, score
from viva.core.decisions import Wait
from viva.core.events import Agreed, Event, Graded, Observed, Posed
from viva.core.evidence import Matches, PointMatch, PointVerdict, TurnKind
from viva.core.look import all_attempts
from viva.core.values import Dimension, Grade, Mode, MoveKind, Point, Rubric, Score, Unscored, digest_of
from viva.dialogue import AuthorVoice, next_move

VERDICTS: dict[str, PointVerdict] = {
    "a": "said", "b": "missing", "c": "partly", "d": "wrong", "e": "unsure", "f": "said",
}  # fmt: skip
POINTS = tuple(Point(id=id, says="Secret.", weight=1, topic=f"topic {id}") for id in VERDICTS)
ASKED = {**BOOK, "words": replace(BOOK["words"], rubric=Rubric(points=POINTS))}
MATCHED = digest_of("matched")
FOUND = Matches(
    points=tuple(PointMatch(point=id, verdict=verdict, probability=0.5, quote=None) for id, verdict in VERDICTS.items())
)
Whose = Literal["nobody", "machine", "unsure"]


def answered(mode: Mode = "practice") -> list[Event]:
    """A question in words that was answered and left; the next one is code."""
    begins: list[Event] = [
        opened(mode, (WORDS, CODE)),
        Agreed(deadline=None),
        said(MoveKind.BRIEF),
        Posed(step=0, deadline=None),
    ]
    events = heard(begins, TurnKind.ANSWER)
    return [*events, said(MoveKind.ACCEPT, about=5), said(MoveKind.MOVE_ON)]


def understood(
    events: list[Event], whose: Whose | None = None, because: tuple[str, ...] = ("2 of 6.", "“Q”.")
) -> list[Event]:
    """The record with the grade of its words; Unscored where it is said whose that is."""
    of, kind = all_attempts(state_of(*events))[0].attempt.digest, Dimension.UNDERSTANDING
    grade: Grade = Score(dimension=kind, attempt=of, value=0.5, because=because, evidence=(MATCHED,), grader="g@1")
    if whose is not None:
        grade = Unscored(dimension=kind, attempt=of, whose=whose, why="It is unclear.", evidence=(), grader="g@1")
    return [*events, Observed(request=MATCHED, evidence=FOUND), Graded(grade=grade)]


def test_practice_tells_every_point_by_its_topic_before_it_goes_on_and_once() -> None:
    events = understood(answered())
    move = move_after(events, ASKED)
    assert (move.kind, move.phrase, move.about) == (MoveKind.VERDICT, "verdict_words", 5)
    words = AuthorVoice().say(move, seed=1, turn=9)
    assert "**Words**: 2 of 6." in words and "Secret" not in words and "Q" not in words
    assert [line for line in words.split("\n") if line.startswith("- ")] == [
        "- You said: topic a; topic f",
        "- You said in part: topic c",
        "- Read as the contrary: topic d",
        "- I cannot tell, and a person should look: topic e",
        "- Not found in your answer: topic b",
    ]
    assert move_after([*events, said(MoveKind.VERDICT, about=5)], ASKED).kind is MoveKind.POSE


def test_what_was_found_is_told_also_while_the_next_question_is_open() -> None:
    events = understood([*answered(), Posed(step=1, deadline=None)])
    assert move_after(events, ASKED).phrase == "verdict_words"
    assert next_move(state_of(*events, said(MoveKind.VERDICT, about=5)), ASKED) == Wait(until=None)


def test_where_the_evidence_was_erased_the_points_are_not_told() -> None:
    events: list[Event | None] = [*understood(answered(), because=())]
    events[-2] = None
    move = next_move(state_of(*events), ASKED)
    assert not isinstance(move, Wait) and "topic" not in str(move)


@pytest.mark.parametrize("whose", ["machine", "unsure"])
def test_an_answer_that_got_no_grade_is_told_with_the_reason(whose: Whose) -> None:
    move = move_after(understood(answered(), whose), ASKED)
    assert move.phrase == "verdict_words_unscored"
    assert "It is unclear." in AuthorVoice().say(move, seed=1, turn=9)


def test_nothing_is_told_where_nobody_grades_or_nothing_is_graded_yet_or_outside_practice() -> None:
    ungraded, screened, live = answered(), understood(answered("screening")), understood(answered("live"))
    for events in (understood(answered(), "nobody"), ungraded, screened, live):
        assert move_after(events, ASKED).kind is MoveKind.POSE


def test_code_that_was_graded_is_no_answer_in_words() -> None:
    events = [*graded(begun(CODE), score(1.0)), said(MoveKind.VERDICT, about=5), said(MoveKind.MOVE_ON)]
    assert move_after(events).kind is MoveKind.CLOSE
