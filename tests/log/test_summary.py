"""What waits for a person is listed until a person has answered it."""

import pytest

from tests.log.records import NAME, attempt, envelopes, posed, read_as, said, score, unscored, whole
from tests.store.examples import heard
from viva.core.errors import BrokenRecord
from viva.core.events import Appealed, Closed, Event, Overruled, Paused, Pressed, Resumed, Submitted
from viva.core.evidence import TurnKind
from viva.core.values import Dimension
from viva.store.summary import summary, summary_json, summary_text, unreadable

APPEAL = Appealed(question="adam", dimension=Dimension.CORRECTNESS, text="it is right")
RULING = Overruled(question="adam", dimension=Dimension.CORRECTNESS, value=1.0, reason="it is", by="operator")
OTHER_RULING = Overruled(question="adam", dimension=Dimension.CRAFT, value=1.0, reason="it is", by="operator")
HANDED_IN = Submitted(attempt=attempt())
PLEA = "a person, please"
UNSCORED = "correctness of adam is unscored: the jail did not start"


def waiting(*events: Event) -> tuple[str, ...]:
    return summary(NAME, envelopes([*posed(), *events])).waiting


NOTHING: list[tuple[str, list[Event]]] = [
    ("nothing happened", []),
    ("a hint was asked for", [Pressed(button="hint")]),
    ("a person has spoken since", [Pressed(button="person"), said("person", "I am here.")]),
    ("a message was an answer", [heard(PLEA), read_as(4, "", PLEA, TurnKind.ANSWER)]),
    ("the appeal was ruled on", [APPEAL, RULING]),
    ("the attempt was scored", [HANDED_IN, score(attempt())]),
    ("its grader is still to come", [HANDED_IN, unscored(attempt(), "nobody")]),
    ("a person graded it", [HANDED_IN, unscored(attempt(), "machine"), RULING]),
    (
        "a later attempt was scored",
        [HANDED_IN, unscored(attempt(), "machine"), Submitted(attempt=attempt(ordinal=2)), score(attempt(ordinal=2))],
    ),
    ("the same attempt was graded again", [HANDED_IN, unscored(attempt(), "machine"), score(attempt())]),
]

SOMETHING: list[tuple[str, list[Event], tuple[str, ...]]] = [
    ("a button was pressed", [Pressed(button="person")], ("asks for a person",)),
    ("only viva answered", [Pressed(button="person"), said("viva", "I note it.")], ("asks for a person",)),
    (
        "asked again",
        [Pressed(button="person"), said("person", "Yes?"), Pressed(button="person")],
        ("asks for a person",),
    ),
    ("asked in words", [heard(PLEA), read_as(4, "", PLEA, TurnKind.PERSON)], ("asks for a person",)),
    ("appealed", [APPEAL], ("appeals correctness of adam",)),
    ("appealed again after the ruling", [APPEAL, RULING, APPEAL], ("appeals correctness of adam",)),
    ("another dimension was ruled on", [APPEAL, OTHER_RULING], ("appeals correctness of adam",)),
    ("our machine failed", [HANDED_IN, unscored(attempt(), "machine")], (UNSCORED,)),
    ("we were unsure", [HANDED_IN, unscored(attempt(), "unsure")], (UNSCORED,)),
    (
        "only another dimension was scored",
        [HANDED_IN, unscored(attempt(), "machine"), score(attempt(), Dimension.CRAFT)],
        (UNSCORED,),
    ),
]


@pytest.mark.parametrize(("why", "events"), NOTHING, ids=[why for why, _ in NOTHING])
def test_nothing_waits(why: str, events: list[Event]) -> None:
    assert waiting(*events) == ()


@pytest.mark.parametrize(("why", "events", "reasons"), SOMETHING, ids=[why for why, _, _ in SOMETHING])
def test_something_waits(why: str, events: list[Event], reasons: tuple[str, ...]) -> None:
    assert waiting(*events) == reasons


def test_the_status_follows_the_record() -> None:
    for events, status in (
        ([], "open"),
        ([Paused(whose="candidate")], "paused"),
        ([Paused(whose="candidate"), Resumed()], "open"),
        ([Closed(why="done")], "closed"),
    ):
        assert summary(NAME, envelopes([*posed(), *events])).status == status


def test_a_line_says_name_time_mode_status_and_title() -> None:
    text = summary_text(summary(NAME, envelopes([*whole()])))
    assert text == f"{NAME}  2026-03-01 12:00  practice   closed    16 rows  First steps"


def test_what_waits_stands_below_the_line() -> None:
    text = summary_text(summary(NAME, envelopes([*posed(), APPEAL])))
    assert text.split("\n")[1:] == ["    waits: appeals correctness of adam"]


def test_a_record_that_does_not_read_waits_and_does_not_hide_the_others() -> None:
    for line in (summary(NAME, envelopes([None, heard("x")])), unreadable(NAME, BrokenRecord("Row 3: no"))):
        assert line.status == "broken"
        assert "does not hold" in line.waiting[0]
        assert summary_json(line)["opened_at"] is None
        assert "broken" in summary_text(line)
