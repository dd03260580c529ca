"""What of a row leaves by the event stream: each kind with its allowed fields or not at all, and nothing else of it."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

import pytest

from viva.core.events import (
    Agreed,
    Appealed,
    Asked,
    Closed,
    Envelope,
    Erased,
    Event,
    Graded,
    Heard,
    Observed,
    Opened,
    Overruled,
    Paused,
    Posed,
    Pressed,
    Proposed,
    Ran,
    Refused,
    Resumed,
    Said,
    Submitted,
    TimeUp,
    Took,
    Undone,
)
from viva.core.evidence import CheckOutcome, CheckRun, Ended
from viva.core.values import Attempt, Digest, Dimension, Draft, MoveKind, Plan, Score, Step
from viva.interviews.public import public_event

WHEN = datetime(2099, 1, 1, tzinfo=UTC)
"""A time that may not leave: deadlines reach the page by the interview's own view."""

ATTEMPT = Attempt(
    question="secret-1", question_digest=Digest("secret-2"), framework="numpy", content="secret-3", ordinal=1
)
STEP = Step(
    question="secret-4", question_digest=Digest("secret-5"), title="secret-6", kind="coding", minutes=5, attempts=1
)
CHECK = CheckOutcome(
    name="secret-7", title="secret-8", passed=False, weight=1, visible=False, says="secret-9", line=990099
)
RUN = CheckRun(
    ended=Ended.FINISHED, says="secret-10", line=990099, checks=(CHECK,), prints="secret-11", prints_cut=False,
    cpu_seconds=990099.0, memory_mib=990099.0, environment="secret-12",
)  # fmt: skip
GRADE = Score(
    dimension=Dimension.CORRECTNESS, attempt=Digest("secret-13"), value=0.990099, because=("secret-14",),
    evidence=(Digest("secret-15"),), grader="secret-16",
)  # fmt: skip
PLAN = Plan(track="secret-17", title="secret-18", minutes=990099, allowed="docs", steps=(STEP,))
DRAFT = Draft(of="editor", question="secret-19", framework="numpy", text="secret-20")

Shown = tuple[str, dict[str, object]] | None
ROWS: list[tuple[Event, Shown]] = [
    (Opened(mode="screening", plan=PLAN, seed=990099, hidden_seed="secret-21", pseudonym="secret-22"), None),
    (Agreed(deadline=WHEN), ("agreed", {})),
    (Posed(step=2, deadline=WHEN), ("posed", {"step": 3})),
    (
        Said(by="viva", move=MoveKind.HINT, text="told", reason="secret-23", about=990099, level=2),
        ("said", {"who": "viva", "move": "hint", "text": "told", "level": 2}),
    ),
    (Heard(text="typed"), ("heard", {"who": "you", "text": "typed"})),
    (Pressed(button="hint"), ("pressed", {"button": "hint"})),
    (Ran(code="secret-24", framework="numpy"), ("ran", {})),
    (Submitted(attempt=ATTEMPT), ("submitted", {"id": ATTEMPT.digest})),
    (Asked(text="secret-25"), None),
    (Proposed(proposal="secret-26", text="secret-27", diff="secret-28"), None),
    (Took(proposal="secret-29", hunks=(990099,), changed=True), None),
    (Refused(proposal="secret-30"), None),
    (Undone(proposal="secret-31"), None),
    (Observed(request=Digest("secret-32"), evidence=RUN), ("observed", {})),
    (Graded(grade=GRADE), ("graded", {})),
    (TimeUp(of="question", drafts=(DRAFT,)), ("time_up", {"of": "question"})),
    (Paused(whose="machine", since=WHEN), ("paused", {"whose": "machine"})),
    (Resumed(), ("resumed", {})),
    (Appealed(question="secret-33", dimension=Dimension.CRAFT, text="secret-34"), ("appealed", {})),
    (
        Overruled(question="secret-35", dimension=Dimension.CRAFT, value=0.990099, reason="secret-36", by="secret-37"),
        ("overruled", {}),
    ),
    (Erased(seq=990099, by="secret-38", why="secret-39"), ("erased", {})),
    (Closed(why="finished"), ("closed", {"why": "finished"})),
]


@pytest.mark.parametrize(("event", "shown"), ROWS, ids=[type(event).__name__ for event, _ in ROWS])
def test_a_row_leaves_with_its_allowed_fields_or_not_at_all(event: Event, shown: Shown) -> None:
    out = public_event(Envelope(seq=7, at=WHEN, event=event))
    assert out == (None if shown is None else {"seq": 7, "kind": shown[0], "data": shown[1]})
    assert not re.search(r"secret|99|2099", json.dumps(out).replace(ATTEMPT.digest, "")), "nothing else of it"


def test_every_kind_of_event_is_in_the_table_above() -> None:
    assert [type(event) for event, _ in ROWS] == list(get_args(Event))


def test_an_erased_row_shows_nothing() -> None:
    assert public_event(Envelope(seq=7, at=WHEN, event=None)) is None


def test_a_persons_words_are_shown_as_theirs() -> None:
    said = ROWS[3][0]
    assert isinstance(said, Said)
    out = public_event(Envelope(seq=7, at=WHEN, event=replace(said, by="person")))
    assert out is not None and out["data"]["who"] == "person"
