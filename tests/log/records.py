"""A whole small interview as its record, and the envelopes around it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from tests.store.examples import NOON, heard, opened
from viva.core.events import (
    Agreed,
    Appealed,
    Closed,
    Envelope,
    Erased,
    Event,
    Graded,
    Observed,
    Overruled,
    Posed,
    Pressed,
    Ran,
    Said,
    Submitted,
)
from viva.core.evidence import CheckOutcome, CheckRun, Ended, KindProbability, NotObserved, TurnKind, TurnRead
from viva.core.requests import ReadTurn, request_digest
from viva.core.values import Attempt, Digest, Dimension, MoveKind, Score, Unscored

NAME = "0123456789abcdef"
SECRET = "5eed" * 8
CODE = "def adam():\n    return 1"


def envelopes(events: Sequence[Event | None]) -> list[Envelope]:
    return [
        Envelope(seq=seq, at=NOON + timedelta(seconds=10 * (seq - 1)), event=event)
        for seq, event in enumerate(events, start=1)
    ]


def attempt(content: str = CODE, ordinal: int = 1) -> Attempt:
    return Attempt(
        question="adam",
        question_digest=Digest("sha256:" + "a" * 64),
        framework="numpy",
        content=content,
        ordinal=ordinal,
    )


def run() -> CheckRun:
    checks = (
        CheckOutcome(name="first", title="the first step", passed=True, weight=1, visible=True),
        CheckOutcome(
            name="bias", title="the bias", passed=False, weight=2, visible=False, says="0.1 instead of 1", line=2
        ),
        CheckOutcome(name="last", title="the last step", passed=False, weight=1, visible=False, ran=False),
    )
    return CheckRun(
        ended=Ended.TIMED_OUT, says="It took too long.", line=None, checks=checks, prints="hello\n", prints_cut=False,
        cpu_seconds=0.5, memory_mib=3.25, environment="numpy",
    )  # fmt: skip


def score(of: Attempt, dimension: Dimension = Dimension.CORRECTNESS) -> Graded:
    grade = Score(
        dimension=dimension, attempt=of.digest, value=0.25, because=("one of three checks passed",), evidence=(),
        grader="checks@1",
    )  # fmt: skip
    return Graded(grade=grade)


def unscored(
    of: Attempt, whose: Literal["nobody", "machine", "unsure"], dimension: Dimension = Dimension.CORRECTNESS
) -> Graded:
    grade = Unscored(
        dimension=dimension,
        attempt=of.digest,
        whose=whose,
        why="the jail did not start",
        evidence=(),
        grader="checks@1",
    )
    return Graded(grade=grade)


def posed() -> list[Event]:
    return [opened(hidden_seed=SECRET), Agreed(deadline=NOON + timedelta(minutes=25)), Posed(step=0, deadline=None)]


def said(by: Literal["viva", "person"], text: str) -> Said:
    return Said(by=by, move=MoveKind.HINT, text=text, reason="asked for", level=1)


def whole() -> list[Event]:
    """An interview from its opening to its close, appeal and ruling included."""
    return [
        *posed(),
        heard("a hint,\nplease"),
        said("viva", "Look at the *bias*."),
        Ran(code=CODE, framework="numpy"),
        Observed(request=Digest("sha256:1"), evidence=run()),
        Submitted(attempt=attempt()),
        Observed(request=Digest("sha256:2"), evidence=NotObserved(whose="machine", why="no jail")),
        score(attempt()),
        unscored(attempt(), "nobody", Dimension.CRAFT),
        Pressed(button="finish"),
        Closed(why="finished"),
        Appealed(question="adam", dimension=Dimension.CORRECTNESS, text="it is right"),
        Overruled(question="adam", dimension=Dimension.CORRECTNESS, value=1.0, reason="it is", by="operator"),
        Erased(seq=4, by="operator", why="a name"),
    ]


def read_as(seq: int, before: str, text: str, kind: TurnKind) -> Observed:
    """The evidence of what a message does."""
    request = request_digest(ReadTurn(message=seq, before=before, text=text))
    return Observed(request=request, evidence=TurnRead(kinds=(KindProbability(kind=kind, probability=0.9),)))
