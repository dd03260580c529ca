"""What a client sees of an interview, as JSON (CONTRACTS 4). Law: nothing here is hidden from the candidate; what the
mode does not allow yet has already been left out."""

from typing import Literal, NotRequired, TypedDict

from viva.core.values import Allowed, Framework, Kind, Mode


class QuestionJson(TypedDict):
    """A question as the candidate may see it; Markdown in `statement`."""

    id: str
    title: str
    kind: Kind
    level: int
    minutes: float
    topics: list[str]
    frameworks: list[Framework]
    starters: dict[str, str]
    statement: str
    given: str
    forbid: list[str]
    hints: int


class OpenQuestionJson(QuestionJson):
    """The question that is open now. `step` counts from 1; `hints_used` and `attempts_left` (None without limit) are of it."""

    step: int
    deadline: str | None
    hints_used: int
    attempts_left: int | None


class StepJson(TypedDict):
    """One step of the plan. `question` (its id) is None for one that was not posed yet in a screening."""

    title: str
    kind: Kind
    minutes: float
    status: Literal["ahead", "open", "left"]
    question: str | None


class LineJson(TypedDict):
    """One line of the conversation. `move` is viva's move; `level` the rung of a hint, else 0."""

    seq: int
    at: str
    who: Literal["viva", "you", "person"]
    text: str
    move: str | None
    level: int


class CheckJson(TypedDict):
    """One check as the mode allows it; `says` is empty where it passed or may not be told."""

    name: NotRequired[str]
    title: str
    passed: bool
    weight: float
    visible: bool
    says: str
    line: int | None
    ran: bool


class CheckRunJson(TypedDict):
    """How a run went."""

    ended: str
    says: str
    line: int | None
    checks: list[CheckJson]
    prints: str
    prints_cut: bool
    cpu_seconds: float
    memory_mib: float
    jail: bool


class RunJson(TypedDict):
    """One run or attempt. `status`: `waiting` (nothing came yet), `done`, `replaced` (a newer run took its place),
    `failed` (our fault: `says` tells) or `received` (done, but the mode shows nothing yet)."""

    seq: int
    at: str
    question: str
    framework: Framework | None
    code: str
    status: Literal["waiting", "done", "replaced", "failed", "received"]
    says: str
    result: CheckRunJson | None


class ReadJson(TypedDict):
    """How an attempt was graded beside its correctness: sentences, and a value (0..1) or None with `unscored`."""

    value: float | None
    unscored: str | None
    because: list[str]


class AttemptJson(RunJson):
    """An attempt: `id` is its digest, `ordinal` its number within its question, from 1. `grades` are those of efficiency and
    craft, by name, as soon as they are there and where the mode shows them with the attempt."""

    id: str
    ordinal: int
    grades: dict[str, ReadJson]


class DraftJson(TypedDict):
    """A stored draft."""

    of: Literal["editor", "chat"]
    question: str
    framework: Framework | None
    text: str
    n: int


class BriefingJson(TypedDict):
    """What a candidate reads before the clock starts."""

    title: str
    minutes: float
    questions: int
    allowed: Allowed
    pause: bool
    text: str


class InterviewJson(TypedDict):
    """`GET /interviews/{id}`. `draft` is the newest editor draft of the open question, `chat` the unsent message."""

    id: str
    mode: Mode
    track: str
    title: str
    status: Literal["open", "paused", "closed"]
    agreed: bool
    waiting_for: Literal["candidate", "viva", "nobody"]
    now: str
    deadline: str | None
    length: int
    steps: list[StepJson]
    briefing: BriefingJson
    question: OpenQuestionJson | None
    transcript: list[LineJson]
    draft: DraftJson | None
    chat: DraftJson | None
    drafts: list[DraftJson]
    runs: list[RunJson]
    attempts: list[AttemptJson]


class SizeJson(TypedDict):
    """What was measured at one size: the least CPU time (milliseconds) and the peak memory (MiB) of both sides, of so many
    pairs of calls; no pair where the attempt's call was stopped: its time is then what it had used."""

    size: int
    cpu_ms: float
    reference_cpu_ms: float
    memory_mib: float
    reference_memory_mib: float
    pairs: int


class ReadingJson(TypedDict):
    """What somebody may read who lacks a point."""

    title: str
    url: str


class EvidenceJson(TypedDict):
    """One thing that a grade rests on, ready to be opened. `kind` says which of the other keys speak: `check` (name?,
    title, passed, says, line), `run` (ended, says, cpu_seconds, memory_mib, prints), `quote` (verdict; title: the point's
    topic, or what a misconception that is held says, which has no weight; probability, 0..1, that the answer says it; where
    there is a quote, its text, message, start and end; in practice what to read about a point that was not said), `finding`
    (rule, line, says), `cost` (says: what was measured; name, sizes) or `none` (says)."""

    kind: Literal["check", "run", "quote", "finding", "cost", "none"]
    id: str
    title: str
    says: str
    passed: NotRequired[bool]
    weight: NotRequired[float]
    visible: NotRequired[bool]
    line: NotRequired[int | None]
    ended: NotRequired[str]
    cpu_seconds: NotRequired[float]
    memory_mib: NotRequired[float]
    prints: NotRequired[str]
    message: NotRequired[int]
    start: NotRequired[int]
    end: NotRequired[int]
    text: NotRequired[str]
    verdict: NotRequired[str]
    name: NotRequired[str]
    sizes: NotRequired[list[SizeJson]]
    probability: NotRequired[float]
    read: NotRequired[list[ReadingJson]]


class GradeJson(TypedDict):
    """One dimension of one question. Exactly one of `value` and `unscored` is not None."""

    value: float | None
    unscored: str | None
    whose: Literal["nobody", "machine", "unsure"] | None
    because: list[str]
    evidence: list[EvidenceJson]
    grader: str
    overruled: str | None


class HintJson(TypedDict):
    """A hint that was taken."""

    level: int
    text: str


class MessageJson(TypedDict):
    """What the candidate said on a question, with the message's sequence number."""

    seq: int
    text: str


class SolutionJson(TypedDict):
    """What practice opens after a question: the reference per framework, and why wrong attempts are wrong."""

    solutions: dict[str, str]
    answers: list[str]
    faults: list[str]


class ScoredQuestionJson(TypedDict):
    """One question of a scorecard; `attempts` oldest first, `counts` is the id of the one that counts."""

    question: str
    title: str
    kind: Kind
    left: bool
    attempts: list[AttemptJson]
    counts: str | None
    messages: list[MessageJson]
    hints: list[HintJson]
    grades: dict[str, GradeJson]
    solution: SolutionJson | None


class ScorecardJson(TypedDict):
    """`GET …/scorecard`. `headline`, `good` and `next` are sentences; `pending` while something is still being graded."""

    id: str
    mode: Mode
    title: str
    status: Literal["open", "paused", "closed"]
    pending: bool
    shown: bool
    headline: str
    good: list[str]
    next: list[str]
    opened_at: str
    minutes_used: float
    minutes: float
    questions: list[ScoredQuestionJson]


class EventJson(TypedDict):
    """One row of the live stream, from an allow-list of kinds and fields."""

    seq: int
    kind: str
    data: dict[str, object]
