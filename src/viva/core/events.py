"""What happened, and who said so. Law: the record of an interview is a sequence of these and of nothing else; the only
time that pure code knows is the envelope's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from viva.core.evidence import Evidence
from viva.core.values import (
    Attempt,
    Digest,
    Dimension,
    Draft,
    Framework,
    Grade,
    Mode,
    MoveKind,
    Plan,
)

Press = Literal["hint", "repeat", "next", "finish", "person"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An interview exists. `seed` varies order and phrasing; `hidden_seed` (128 bits, hexadecimal) goes to checkers only."""

    mode: Mode
    plan: Plan
    seed: int
    hidden_seed: str
    pseudonym: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """The candidate has read the briefing; the clock starts. `deadline` is None without a limit."""

    deadline: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Posed:
    """A question was put; `step` is its place in the plan, from 0. `deadline` is None without a limit."""

    step: int
    deadline: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The interviewer spoke. `about` is the sequence number of what it answers, None where it speaks unasked; `level` is
    the rung of a hint, from 1, else 0; `reason` says why this move was made."""

    by: Literal["viva", "person"]
    move: MoveKind
    text: str
    reason: str
    about: int | None = None
    level: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The candidate sent a message."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """The candidate used a button."""

    button: Press


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """The candidate ran code against the visible checks."""

    code: str
    framework: Framework


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """The candidate handed in an attempt."""

    attempt: Attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The candidate asked the assistant."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """The assistant proposed an edit (a unified diff) or only answered (`diff` empty)."""

    proposal: str
    text: str
    diff: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """The candidate took hunks (numbered from 0) of a proposal; `changed` where they edited them."""

    proposal: str
    hunks: tuple[int, ...]
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The candidate refused a proposal."""

    proposal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """The candidate took back what they had taken."""

    proposal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """Evidence came for a request."""

    request: Digest
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """A grade was derived."""

    grade: Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeUp:
    """A deadline passed. `drafts` are what stood unsent; they are handed in with it."""

    of: Literal["interview", "question", "nudge"]
    drafts: tuple[Draft, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """The clock stopped. For a machine's downtime `since` is when it went down, else the envelope's time counts."""

    whose: Literal["candidate", "machine", "person"]
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """The clock goes on; deadlines move by the pause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appealed:
    """The candidate disputes a grade."""

    question: str
    dimension: Dimension
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overruled:
    """A person replaced a grade, with a reason."""

    question: str
    dimension: Dimension
    value: float
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """The body of another row was erased."""

    seq: int
    by: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Nothing more is asked or graded."""

    why: Literal["done", "finished", "time"]


Event = (
    Opened | Agreed | Posed | Said | Heard | Pressed | Ran | Submitted | Asked | Proposed | Took | Refused | Undone
    | Observed | Graded | TimeUp | Paused | Resumed | Appealed | Overruled | Erased | Closed
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What the store adds to an event: its place (from 1), its time (UTC) and the schema's version. A body that was
    erased reads as `event=None`."""

    seq: int
    at: datetime
    event: Event | None
    schema: int = 1
