"""What was observed. Law: evidence is gathered once, by a plug, and recorded; nothing here judges it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class Ended(StrEnum):
    """How a run of candidate code ended; the first eight are about the candidate's code, the last is our own fault."""

    FINISHED = "finished"
    CANDIDATE_ERROR = "candidate_error"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    OUTPUT_LIMIT = "output_limit"
    FORBIDDEN = "forbidden"
    CRASHED = "crashed"
    KILLED = "killed"
    MACHINE_FAILED = "machine_failed"


class TurnKind(StrEnum):
    """What a candidate's message does; exactly the twelve of CONTRACTS 2. One message may have several."""

    ANSWER = "answer"
    CORRECTION = "correction"
    DONT_KNOW = "dont_know"
    CLARIFY = "clarify"
    HINT = "hint"
    REPEAT = "repeat"
    NEXT = "next"
    PAUSE = "pause"
    PERSON = "person"
    SMALL_TALK = "small_talk"
    INSTRUCT = "instruct"
    ABUSE = "abuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOutcome:
    """One check, run once. `says` is a sentence for the candidate, empty where it passed; `line` is the line of the
    candidate's file that an exception named, counted from 1. `ran` is False where the run ended before it."""

    name: str
    title: str
    passed: bool
    weight: float
    visible: bool
    says: str = ""
    line: int | None = None
    ran: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRun:
    """One run of checks on an attempt. `says` is one sentence about `ended`, empty where it finished. CPU seconds and
    memory (MiB, peak above the idle process) are measured from outside. `jail` is False only for `UnsafeLocal`."""

    ended: Ended
    says: str
    line: int | None
    checks: tuple[CheckOutcome, ...]
    prints: str
    prints_cut: bool
    cpu_seconds: float
    memory_mib: float
    environment: str
    jail: bool = True


Growth = Literal["constant", "log", "linear", "n log n", "quadratic", "cubic", "exponential"]
"""How a cost grows with a size, from slow to fast."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One pair of calls at one size: CPU seconds of the attempt's and of the reference's, and the peak memory (MiB above the
    idle process) of each side's process so far."""

    size: int
    cpu_seconds: float
    reference_cpu_seconds: float
    memory_mib: float
    reference_memory_mib: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """A call of the attempt's at which its time was up: what it had used by then (CPU seconds), and what the reference used."""

    size: int
    cpu_seconds: float
    reference_cpu_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Samples of `MeasureCost`, sizes ascending, pairs in the order in which they were taken. `title` is what was called,
    `name` the size that grows, `growth` how the author says that the reference's time grows; `stopped` is one sentence
    where the attempt ended before the measurement did, else empty."""

    samples: tuple[Cost, ...]
    title: str = ""
    name: str = "n"
    growth: Growth | None = None
    stopped: str = ""
    unfinished: Unfinished | None = None
    environment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One craft rule that fired, with its line (from 1) and words."""

    rule: str
    line: int
    severity: Literal["note", "warning", "fault"]
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Everything `InspectCode` found, in order of lines."""

    findings: tuple[Finding, ...]


PointVerdict = Literal["said", "partly", "missing", "wrong", "unsure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointMatch:
    """How one point, or one misconception, of a rubric fares in a text. `probability` is that the text says it, calibrated,
    0..1; `quote` is `[start, end)` in that text, None where nothing was found.

    For a point: `said`; `partly` where only its half (`without`) is said; `missing`; `wrong` where the
    text says the contrary. For a misconception: `wrong` where it is held, else `missing`. `unsure`: the model cannot tell.
    """

    point: str
    verdict: PointVerdict
    probability: float
    quote: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """Verdicts of `MatchPoints` on every point and every misconception, both in the order of the rubric. `unread` is a
    sentence that says why the text could not be judged, else empty; `model` is name and digest of what judged."""

    points: tuple[PointMatch, ...]
    misconceptions: tuple[PointMatch, ...] = field(default=(), metadata={"since": 2})
    unread: str = field(default="", metadata={"since": 2})
    model: str = field(default="", metadata={"since": 2})


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Whether an answer means what one of several references says; enters no record of an interview. `probability` is
    that it does, calibrated, 0..1; `quote` is `[start, end)` in the answer, None where nothing was found."""

    verdict: Literal["correct", "incorrect", "unsure"]
    probability: float
    quote: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KindProbability:
    """One kind of turn with its probability, 0..1."""

    kind: TurnKind
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRead:
    """What a message does, most probable kind first; never empty."""

    kinds: tuple[KindProbability, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a model answered, with what it cost."""

    text: str
    model: str
    version: str
    tokens: int
    cost_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NotObserved:
    """Nothing was observed: `nobody` gathers this yet (recorded, not yet graded), or our `machine` failed."""

    whose: Literal["nobody", "machine"]
    why: str


BROKEN_CHECKS = "the checks of this question are broken: "
"""How `why` begins where it was the question's own checks.py that failed: its author can mend that, no machine."""

Evidence = CheckRun | Costs | Findings | Matches | TurnRead | Reply | NotObserved
