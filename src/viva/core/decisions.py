"""What `decide` may answer. Law: a decision is a value; whoever carries it out is elsewhere."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from viva.core.requests import Request
from viva.core.values import Grade, MoveKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What the interviewer is to do next, before it has words. `phrase` names the phrasing, `facts` are filled in by
    name, `about` is the sequence number that it answers, `level` a hint's rung, `step` the place of a question to pose,
    `reason` is for the record."""

    kind: MoveKind
    phrase: str
    reason: str
    about: int | None = None
    level: int = 0
    step: int | None = None
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Perform:
    """Gather evidence. A `RunChecks` ends a measurement that is under way: nobody waits for that, and it starts again."""

    request: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Speak; a move with a `step` poses that question too."""

    move: Move


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """Record a grade."""

    grade: Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Nothing to do until a door, a plug or the timer (`until`, None without one) brings something."""

    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """End the interview."""

    why: Literal["done", "finished", "time"]


Decision = Perform | Say | Award | Wait | Close
