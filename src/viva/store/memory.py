"""The store that keeps everything in memory: the fake that ships. Laws: it passes the conformance suite of the real one,
and what is read went through the same codec and chain, so a test on it means something. Nothing in it is durable.

Every method runs without a single await inside, so on one event loop each is atomic.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from viva.core.errors import Conflict
from viva.core.events import Closed, Envelope, Erased, Event
from viva.core.values import Digest, Draft
from viva.ports import Clock, Key, Person, Receipt, SavedDraft, Store, Verification
from viva.store import rules
from viva.store.chain import Row, chained, envelope_of, first_hash, verified


@dataclass(slots=True)
class _Known:
    """What a key stands for; `first` to `seq` are the rows that its write made."""

    body: str
    interview: str
    first: int
    seq: int


@dataclass(slots=True)
class _Record:
    rows: list[Row] = field(default_factory=list)
    drafts: dict[tuple[str, str, str], SavedDraft] = field(default_factory=dict)


class MemoryStore(Store):
    """A whole store for tests and for trying things out; gone with its process."""

    def __init__(self, clock: Clock) -> None:
        """Begin empty; `clock` stamps what is written."""
        self._clock = clock
        self._records: dict[str, _Record] = {}
        self._keys: dict[tuple[str, str], _Known] = {}
        self._people: dict[str, Person] = {}
        self._blobs: dict[Digest, bytes] = {}
        self._beat: datetime | None = None

    async def create(
        self, interview: str, events: Sequence[Event], *, scope: str = "", key: Key | None = None
    ) -> Receipt:
        """As the Protocol says."""
        space = rules.opening_space(scope)
        known = self._receipt(space, key)
        if known:
            return known
        if interview in self._records:
            raise Conflict(f"Record {interview!r} exists already.", mend="Draw another name.")
        rows = chained(first_hash(interview), 0, rules.some(events), self._clock.now())
        self._records[interview] = _Record()
        return self._write(interview, rows, space, key)

    async def append(self, interview: str, after: int, events: Sequence[Event], *, key: Key | None = None) -> Receipt:
        """As the Protocol says."""
        space = rules.record_space(interview)
        known = self._receipt(space, key)
        if known:
            return known
        record = self._record(interview)
        rules.same_length(interview, len(record.rows), after)
        rows = chained(record.rows[-1].hash, after, rules.some(events), self._clock.now())
        return self._write(interview, rows, space, key)

    async def known(self, interview: str, key: Key) -> Receipt | None:
        """As the Protocol says."""
        return self._receipt(rules.record_space(interview), key)

    async def read(self, interview: str, after: int = 0) -> tuple[Envelope, ...]:
        """As the Protocol says."""
        record = self._records.get(interview)
        return tuple(envelope_of(row) for row in record.rows if row.seq > after) if record else ()

    async def interviews(self, *, open_only: bool = False) -> tuple[str, ...]:
        """As the Protocol says."""
        names = sorted(self._records, key=lambda name: (self._records[name].rows[0].at, name))
        return tuple(name for name in names if not (open_only and self._has_closed(name)))

    async def verify(self, interview: str) -> Verification:
        """As the Protocol says.

        Raises:
            NotFound: there is no such record.
        """
        rows = self._record(interview).rows
        return verified(interview, rows, length=len(rows), head=rows[-1].hash)

    async def erase(self, interview: str, seq: int, *, by: str, why: str) -> Receipt:
        """As the Protocol says; a row that was erased already gives the receipt of that.

        Raises:
            NotNow: the row says who erased another one.
        """
        record = self._records.get(interview)
        row = record.rows[seq - 1] if record and 1 <= seq <= len(record.rows) else None
        rules.erasable(interview, seq, row.kind if row else None)
        record = self._record(interview)
        before = rules.erased_by([envelope_of(row) for row in record.rows], seq)
        if before:
            return Receipt(interview=interview, seq=before, fresh=False)
        rows = chained(record.rows[-1].hash, len(record.rows), [Erased(seq=seq, by=by, why=why)], self._clock.now())
        record.rows[seq - 1] = replace(record.rows[seq - 1], salt=None, body=None)
        for known in self._keys.values():
            if known.interview == interview and known.first <= seq <= known.seq:
                known.body = ""
        if self._has_closed(interview):
            record.drafts.clear()
        return self._write(interview, rows, "", None)

    async def save_draft(self, interview: str, draft: Draft, n: int) -> SavedDraft:
        """As the Protocol says.

        Raises:
            NotFound: there is no such record.
        """
        drafts = self._record(interview).drafts
        place = rules.draft_place(draft)
        new = SavedDraft(draft=draft, n=n, at=self._clock.now())
        drafts[place] = rules.accepted_draft(drafts.get(place), new)
        return drafts[place]

    async def drafts(self, interview: str) -> tuple[SavedDraft, ...]:
        """As the Protocol says."""
        record = self._records.get(interview)
        kept = record.drafts.values() if record else ()
        return tuple(sorted(kept, key=lambda saved: (saved.at, saved.n), reverse=True))

    async def save_person(self, interview: str, person: Person) -> None:
        """As the Protocol says."""
        self._people[interview] = person

    async def person(self, interview: str) -> Person:
        """As the Protocol says."""
        return self._people.get(interview, Person())

    async def put_blob(self, content: bytes) -> Digest:
        """As the Protocol says."""
        digest = rules.blob_digest(content)
        self._blobs[digest] = bytes(content)
        return digest

    async def blob(self, digest: Digest) -> bytes | None:
        """As the Protocol says."""
        return self._blobs.get(digest)

    async def beat(self) -> datetime | None:
        """As the Protocol says."""
        before, self._beat = self._beat, self._clock.now()
        return before

    async def close(self) -> None:
        """Nothing to let go of."""

    def _record(self, interview: str) -> _Record:
        record = self._records.get(interview)
        if record is None:
            raise rules.no_record(interview)
        return record

    def _receipt(self, space: str, key: Key | None) -> Receipt | None:
        known = self._keys.get((space, key.key)) if key else None
        if key is None or known is None:
            return None
        rules.same_body(known.body, key)
        return Receipt(interview=known.interview, seq=known.seq, fresh=False)

    def _write(self, interview: str, rows: Sequence[Row], space: str, key: Key | None) -> Receipt:
        self._records[interview].rows.extend(rows)
        first, last = rows[0].seq, rows[-1].seq
        if key:
            self._keys[(space, key.key)] = _Known(body=key.body, interview=interview, first=first, seq=last)
        return Receipt(interview=interview, seq=last, fresh=True)

    def _has_closed(self, interview: str) -> bool:
        return any(row.kind == Closed.__name__ for row in self._records[interview].rows)
