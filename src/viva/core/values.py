"""The nouns of viva: questions, plans, attempts, grades. Law: every value is frozen and compared by content.

A digest names content, never a place: two values with the same digest are the same thing.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NewType

Digest = NewType("Digest", str)
"""`sha256:` and 64 hexadecimal digits."""

Framework = Literal["numpy", "torch", "tensorflow", "jax"]
FRAMEWORKS: tuple[Framework, ...] = ("numpy", "torch", "tensorflow", "jax")

Kind = Literal["coding", "concept", "task", "together", "generative"]
KINDS: tuple[Kind, ...] = ("coding", "concept", "task", "together", "generative")
CODE_KINDS: frozenset[Kind] = frozenset({"coding", "task", "together", "generative"})
"""Kinds whose attempts are code; a concept's attempt is words."""

Mode = Literal["practice", "screening", "live"]
Which = Literal["all", "visible"]
Allowed = Literal["none", "docs", "assistant", "anything"]


class Dimension(StrEnum):
    """What a scorecard speaks of; never one number without its parts."""

    CORRECTNESS = "correctness"
    EFFICIENCY = "efficiency"
    CRAFT = "craft"
    UNDERSTANDING = "understanding"
    COLLABORATION = "collaboration"
    USEFULNESS = "usefulness"


class MoveKind(StrEnum):
    """One thing that the interviewer does."""

    BRIEF = "brief"
    POSE = "pose"
    ACCEPT = "accept"
    RECEIVE = "receive"
    VERDICT = "verdict"
    HINT = "hint"
    REPEAT = "repeat"
    CLARIFY = "clarify"
    DECLINE = "decline"
    PERSON = "person"
    MOVE_ON = "move_on"
    CLOSE = "close"


def digest_of(*parts: bytes | str) -> Digest:
    """The digest of a sequence of parts; the lengths are hashed too, so ("ab", "c") and ("a", "bc") differ.

    Lone surrogates in text are data: they are hashed by their surrogate-pass bytes.
    """
    state = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        state.update(len(raw).to_bytes(8, "big"))
        state.update(raw)
    return Digest("sha256:" + state.hexdigest())


def canonical_json(value: object) -> str:
    """JSON with sorted keys, no spaces, and every character beyond ASCII escaped, so that equal values give equal text."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def seed_of(hidden_seed: str, *parts: str) -> str:
    """The 128-bit seed (hexadecimal) of one run: HMAC-SHA256 of the parts under the hidden seed, cut to half (RFC 2104)."""
    message = canonical_json(parts).encode("ascii")
    return hmac.new(bytes.fromhex(hidden_seed), message, hashlib.sha256).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A title with its address for somebody who missed a point; shown, never fetched."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing that a rubric expects; any of `also` is enough. `without` is an essential half that the whole implies: a text
    that says this half and not the whole earns half."""

    id: str
    says: str
    weight: float
    topic: str
    also: tuple[str, ...] = ()
    without: str = ""
    probe: str = ""
    read: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Misconception:
    """Something wrong that people say; `costs` is a share of one weight."""

    id: str
    says: str
    correction: str
    costs: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """What is expected of words."""

    points: tuple[Point, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A known wrong attempt of the bank: which checks it fails, and its fault in words ("the mask came after the softmax")."""

    id: str
    says: str
    checks: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Limits of one run: CPU seconds, seconds by the clock, MiB above the idle process."""

    cpu_seconds: float = 10.0
    wall_seconds: float = 20.0
    memory_mib: int = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A question about the candidate's own attempt."""

    id: str
    asks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as the interview and its graders know it; checks and solutions stay in its folder (`digest` names that).

    `starters` and `frameworks` are empty for a concept. `hints` are in order, each dearer. `statement`, `simple`, `notes`
    and `hints` are Markdown. `from_scratch` are ready-made parts (dotted names) that a candidate should build instead: using
    one costs craft; `forbid` are those that cost correctness.
    """

    id: str
    digest: Digest
    title: str
    kind: Kind
    level: int
    minutes: float
    topics: tuple[str, ...]
    roles: tuple[str, ...]
    open: bool
    reviewed: str
    sources: tuple[str, ...]
    frameworks: tuple[Framework, ...]
    starters: tuple[tuple[Framework, str], ...]
    statement: str
    simple: str
    hints: tuple[str, ...]
    given: str
    notes: str
    forbid: tuple[str, ...]
    budget: Budget
    rubric: Rubric
    follow_ups: tuple[FollowUp, ...]
    faults: tuple[Fault, ...]
    from_scratch: tuple[str, ...] = ()

    @property
    def takes_code(self) -> bool:
        """Whether an attempt at this question is code rather than words."""
        return self.kind in CODE_KINDS

    def starter(self, framework: Framework) -> str:
        """The starter for `framework`, or an empty text where there is none."""
        return dict(self.starters).get(framework, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """The candidate's view of a question: derived from `Question` by `bank.view`, and by nothing else."""

    id: str
    title: str
    kind: Kind
    level: int
    minutes: float
    topics: tuple[str, ...]
    frameworks: tuple[Framework, ...]
    starters: tuple[tuple[Framework, str], ...]
    statement: str
    given: str
    forbid: tuple[str, ...]
    hints: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a plan, with its question fixed. `attempts` is the most that are scored, None without limit."""

    question: str
    question_digest: Digest
    title: str
    kind: Kind
    minutes: float
    attempts: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one interview will ask: a track with its questions chosen. `minutes` is for the whole."""

    track: str
    title: str
    minutes: float
    allowed: Allowed
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Code or text handed in. `ordinal` counts the attempts at its question in its interview from 1, so the same code
    handed in again is another attempt. `framework` is None for words. `spans` tie words to messages: `(seq of the message,
    start in content)`."""

    question: str
    question_digest: Digest
    framework: Framework | None
    content: str
    ordinal: int
    spans: tuple[tuple[int, int], ...] = ()

    @property
    def digest(self) -> Digest:
        """The attempt's name."""
        return digest_of(self.question_digest, self.framework or "", self.content, str(self.ordinal))


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A grade that was given: value 0..1, with reasons in sentences, the digests of the requests whose evidence it
    rests on, and who gave it (`name@version`)."""

    dimension: Dimension
    attempt: Digest
    value: float
    because: tuple[str, ...]
    evidence: tuple[Digest, ...]
    grader: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unscored:
    """A grade that could not be given, and why. `whose` is `nobody` where grading is still to come, `machine` where we
    failed, `unsure` where a person should look. It costs no attempt and enters no statistic."""

    dimension: Dimension
    attempt: Digest
    whose: Literal["nobody", "machine", "unsure"]
    why: str
    evidence: tuple[Digest, ...]
    grader: str


Grade = Score | Unscored


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What stood unsent in the editor or the chat."""

    of: Literal["editor", "chat"]
    question: str
    framework: Framework | None
    text: str
