"""The chain of a record, pure. Law: a row's hash covers everything of the row and the row before it, so no byte of a
record changes unseen; the body is covered through `commitment = sha256(salt + body)`, so body and salt can be erased and
the chain still holds, and nobody can guess an erased body from what is left.

Where the chain begins it covers the record's own name, so that a record cannot be passed off as another one.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from viva.core.errors import BrokenRecord
from viva.core.events import Envelope, Erased, Event
from viva.core.values import canonical_json
from viva.ports import Verification
from viva.store.codec import READABLE, SCHEMA, event_body, event_from, kind_of, time_from, time_text

SALT_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a record as it is kept; `at` is text. `salt` and `body` are both None once erased."""

    seq: int
    at: str
    kind: str
    schema: int
    salt: bytes | None
    body: bytes | None
    commitment: str
    hash: str


def first_hash(interview: str) -> str:
    """What the first row of a record has in place of the hash before it."""
    return hashlib.sha256(canonical_json(["viva record", interview]).encode("ascii")).hexdigest()


def row_hash(previous: str, *, seq: int, at: str, kind: str, schema: int, commitment: str) -> str:
    """The hash of a row, over the one before it."""
    covered = canonical_json([previous, seq, at, kind, schema, commitment])
    return hashlib.sha256(covered.encode("ascii")).hexdigest()


def chained(previous: str, length: int, events: Sequence[Event], at: datetime) -> tuple[Row, ...]:
    """New rows after a record of `length` rows that ends in the hash `previous`.

    Raises:
        BrokenRecord: an event holds what its types do not allow.
    """
    rows: list[Row] = []
    for seq, event in enumerate(events, start=length + 1):
        salt, body = secrets.token_bytes(SALT_BYTES), event_body(event)
        commitment = hashlib.sha256(salt + body).hexdigest()
        when, kind = time_text(at), kind_of(event)
        previous = row_hash(previous, seq=seq, at=when, kind=kind, schema=SCHEMA, commitment=commitment)
        rows.append(
            Row(seq=seq, at=when, kind=kind, schema=SCHEMA, salt=salt, body=body, commitment=commitment, hash=previous)
        )
    return tuple(rows)


def envelope_of(row: Row) -> Envelope:
    """A row as everybody else sees it.

    Raises:
        BrokenRecord: it does not decode, or was written by a newer viva; the message names the row.
    """
    if row.schema not in READABLE:
        raise BrokenRecord(
            f"Row {row.seq} has schema {row.schema!r}, and this viva reads {' and '.join(map(str, READABLE))}.",
            mend="Read it with the viva that wrote it.",
        )
    try:
        event = None if row.body is None else event_from(row.kind, row.body)
        return Envelope(seq=row.seq, at=time_from(row.at), event=event, schema=row.schema)
    except BrokenRecord as error:
        raise BrokenRecord(f"Row {row.seq}: {error.says}", mend=error.mend) from error


def verified(interview: str, rows: Sequence[Row], *, length: int, head: str) -> Verification:
    """Walk the rows of a record, which should be `length` many and end in the hash `head`."""
    previous = first_hash(interview)
    erased = tuple(row.seq for row in rows if row.body is None and row.salt is None)
    broken: tuple[int, str] | None = None
    for place, row in enumerate(rows, start=1):
        why = _fault(row, place, previous)
        if why:
            broken = place, why
            break
        previous = row.hash
    broken = broken or _end_fault(rows, previous, length=length, head=head) or _silently_erased(rows, erased)
    at, why = broken or (None, "")
    return Verification(rows=len(rows), erased=erased, broken_at=at, why=why)


def _end_fault(rows: Sequence[Row], last: str, *, length: int, head: str) -> tuple[int, str] | None:
    """Where and what is wrong with how a record ends, whose rows hold."""
    if len(rows) != length:
        return min(len(rows), length) + 1, f"the record counts {length} rows, and {len(rows)} are there"
    if last != head:
        return len(rows), "the record ends in another hash than its last row"
    return None


def _silently_erased(rows: Sequence[Row], erased: Sequence[int]) -> tuple[int, str] | None:
    """The first row without a body of which no row says who erased it; asked last, since a row that says so may itself
    be what does not hold."""
    confessed = _confessed(rows)
    silent = [seq for seq in erased if seq not in confessed]
    return (silent[0], "its body is gone, and no row says who erased it") if silent else None


def _confessed(rows: Sequence[Row]) -> frozenset[int]:
    """The rows of which a row says that they were erased; the rows hold."""
    said = [envelope_of(row).event for row in rows if row.kind == Erased.__name__]
    return frozenset(event.seq for event in said if isinstance(event, Erased))


def _fault(row: Row, place: int, previous: str) -> str:
    """What is wrong with the row that stands at `place`; empty where nothing is."""
    if row.seq != place:
        return f"row {place} is missing"
    try:
        hashed = row_hash(previous, seq=row.seq, at=row.at, kind=row.kind, schema=row.schema, commitment=row.commitment)
    except TypeError:  # a damaged file can hold bytes where text belongs
        return "a field is not of its type"
    if row.hash != hashed:
        return "its hash is not that of its content and of the row before it"
    return _body_fault(row)


def _body_fault(row: Row) -> str:
    if row.body is None and row.salt is None:
        return ""
    if not isinstance(row.body, bytes) or not isinstance(row.salt, bytes):
        return "its body and its salt are not both whole"
    if row.commitment != hashlib.sha256(row.salt + row.body).hexdigest():
        return "its body is not the one that was committed to"
    try:
        envelope_of(row)
    except BrokenRecord as error:
        return error.says
    return ""
