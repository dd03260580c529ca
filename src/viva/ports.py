"""Every socket of the house, on one page. A plug promises what its Protocol says and nothing more; doors and walks speak
to plugs through these. Sockets that do I/O are async; pure ones are not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeVar

from viva.core.decisions import Move
from viva.core.events import Envelope, Event
from viva.core.evidence import Evidence
from viva.core.requests import Request
from viva.core.values import (
    Attempt,
    Digest,
    Dimension,
    Draft,
    Framework,
    Grade,
    Question,
)

RequestT_contra = TypeVar("RequestT_contra", bound=Request, contravariant=True)


class Clock(Protocol):
    """The one clock of a process; never read by pure code."""

    def now(self) -> datetime:
        """The time, in UTC, never naive."""


# ---- store ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What makes a write happen once: the client's own key, and a digest of what it was sent with."""

    key: str
    body: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a write did: the sequence number of its (last) event. `fresh` is False where the key was known: then nothing
    was written and `seq` is what the first write got."""

    interview: str
    seq: int
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedDraft:
    """A draft as stored: `n` is the client's number, which only grows for one (of, question, framework)."""

    draft: Draft
    n: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who takes an interview; kept apart from its record and never given to graders, models, sandbox or logs.
    `time_factor` multiplies every time limit; None means without a limit."""

    name: str = ""
    email: str = ""
    time_factor: float | None = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a walk along a record's chain found: rows read, rows whose body was erased, and the first row that does not
    hold (None where all do)."""

    rows: int
    erased: tuple[int, ...]
    broken_at: int | None
    why: str


class Store(Protocol):
    """Where records, drafts, people and blobs are kept. Law: what a method returned from is durable; two appends decided
    on the same length never both win."""

    async def create(
        self, interview: str, events: Sequence[Event], *, scope: str = "", key: Key | None = None
    ) -> Receipt:
        """A new record that begins with `events`. A known `(scope, key)` gives the receipt of the first, whose
        `interview` may be another name.

        Raises:
            KeyReused: the key came with another body.
            Conflict: a record of that name exists already.
        """

    async def append(self, interview: str, after: int, events: Sequence[Event], *, key: Key | None = None) -> Receipt:
        """Add events to a record of length `after`, all or none, stamped with the store's clock.

        Raises:
            KeyReused: the key came with another body.
            Conflict: the record's length is not `after` (unless the key was known).
            NotFound: there is no such record.
        """

    async def known(self, interview: str, key: Key) -> Receipt | None:
        """What the write with this key did, or None.

        Raises:
            KeyReused: the key came with another body.
        """

    async def read(self, interview: str, after: int = 0) -> tuple[Envelope, ...]:
        """The rows after `after`, in order; empty where there are none or no such record.

        Raises:
            BrokenRecord: a row does not decode.
        """

    async def interviews(self, *, open_only: bool = False) -> tuple[str, ...]:
        """Names of records, oldest first; `open_only` leaves out those with a `Closed`."""

    async def verify(self, interview: str) -> Verification:
        """Walk the chain of one record."""

    async def erase(self, interview: str, seq: int, *, by: str, why: str) -> Receipt:
        """Erase the body and salt of a row and append `Erased`; the chain still holds.

        Raises:
            NotFound: no such row.
        """

    async def save_draft(self, interview: str, draft: Draft, n: int) -> SavedDraft:
        """Keep a draft if `n` is above the stored number of its (of, question, framework), or equal with the same text.

        Raises:
            StaleDraft: otherwise; carries the stored text and number.
        """

    async def drafts(self, interview: str) -> tuple[SavedDraft, ...]:
        """Every draft of an interview, newest first."""

    async def save_person(self, interview: str, person: Person) -> None:
        """Keep who takes this interview."""

    async def person(self, interview: str) -> Person:
        """Who takes this interview; an empty `Person` where nobody said."""

    async def put_blob(self, content: bytes) -> Digest:
        """Keep bytes under `sha256:` of themselves."""

    async def blob(self, digest: Digest) -> bytes | None:
        """Bytes by digest, or None."""

    async def beat(self) -> datetime | None:
        """Keep the time of this heartbeat; gives the one before it, None at the very first."""

    async def close(self) -> None:
        """Finish what was begun and let go of files."""


# ---- what gathers evidence -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What a plug may see of an interview: the question, its files, the code or text in question, and whether it is for
    practice only. Never who."""

    question: Question
    files: Mapping[str, bytes] = field(hash=False)
    framework: Framework | None
    content: str
    practice: bool = False


class Plug(Protocol[RequestT_contra]):
    """Gathers the evidence for one kind of request."""

    async def __call__(self, request: RequestT_contra, material: Material) -> Evidence:
        """Evidence, or `NotObserved`. An exception counts as the machine's fault."""


# ---- what judges and speaks (pure) ---------------------------------------------------------------------------------

Seen = Mapping[Request, Evidence]
"""Evidence in hand for an attempt, by its request with `tries=0`; a machine's fault is here only once it was tried again."""


class Grader(Protocol):
    """Derives the grade of one dimension from evidence; pure, so the same evidence gives the same grade for ever."""

    @property
    def name(self) -> str:
        """`name@version`, recorded with every grade."""

    @property
    def dimension(self) -> Dimension:
        """What it grades."""

    def applies(self, question: Question) -> bool:
        """Whether attempts at this question have this dimension."""

    def wants(self, question: Question, attempt: Attempt, seed: str, seen: Seen) -> Request | None:
        """The next request (with `tries=0`) that it needs evidence for, or None when `grade` can be called."""

    def grade(self, question: Question, attempt: Attempt, seed: str, seen: Seen) -> Grade:
        """The grade. Without evidence it is `Unscored`; no evidence is never marks."""


class Voice(Protocol):
    """Finds words for a move; it never chooses one."""

    def say(self, move: Move, *, seed: int, turn: int) -> str:
        """The words (Markdown). The same move, seed and turn give the same words."""


# ---- bank ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Where a track's step takes its question from: one of `questions` (by id)."""

    questions: tuple[str, ...]
    minutes: float
    attempts: int | None
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A plan before its questions are drawn."""

    id: str
    title: str
    summary: str
    minutes: float
    audience: str
    allowed: Literal["none", "docs", "assistant", "anything"]
    steps: tuple[Pool, ...]


class Bank(Protocol):
    """The questions and tracks that can be asked. Reading may touch files; a folder given with `--bank` is read anew."""

    def question_ids(self) -> tuple[str, ...]:
        """Ids of all questions, sorted."""

    def question(self, id: str) -> Question:
        """One question.

        Raises:
            NotFound: no such question.
            AuthorError: its folder is not as it must be; names file, line, key and mend.
        """

    def files(self, id: str) -> Mapping[str, bytes]:
        """The files of a question's folder by relative path."""

    def track_ids(self) -> tuple[str, ...]:
        """Ids of all tracks, sorted."""

    def track(self, id: str) -> Track:
        """One track.

        Raises:
            NotFound: no such track.
            AuthorError: the file is not as it must be.
        """
