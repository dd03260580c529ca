"""What is asked of the tables, each as one function of a connection that is already in a transaction. Law: a function that
raises may have written; whoever called it rolls back.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert

from viva.core.errors import BrokenRecord, Conflict
from viva.core.events import Closed, Envelope, Erased, Event
from viva.core.values import Digest, Draft
from viva.ports import Key, Person, Receipt, SavedDraft, Verification
from viva.store import rules, tables
from viva.store.chain import Row, chained, envelope_of, first_hash, verified
from viva.store.codec import body_of, from_plain, time_from, time_text, value_from


def _place(number: int) -> int:
    """A sequence number that a client may have made up, within what SQLite takes; no row is at either end."""
    return max(-1, min(number, 2**53))


# ---- records -------------------------------------------------------------------------------------------------------


def receipt(db: sa.Connection, space: str, key: Key | None) -> Receipt | None:
    """What a key did in its space, or None.

    Raises:
        KeyReused: the key came with another body.
    """
    if key is None:
        return None
    t = tables.written.c
    known = db.execute(sa.select(t.body, t.interview, t.seq).where(t.space == space, t.key == key.key)).one_or_none()
    if known is None:
        return None
    rules.same_body(known.body, key)
    return Receipt(interview=known.interview, seq=known.seq, fresh=False)


def create(
    db: sa.Connection, interview: str, events: Sequence[Event], at: datetime, space: str, key: Key | None
) -> Receipt:
    """A new record; `Store.create`."""
    known = receipt(db, space, key)
    if known:
        return known
    if _length_and_head(db, interview):
        raise Conflict(f"Record {interview!r} exists already.", mend="Draw another name.")
    start = first_hash(interview)
    db.execute(sa.insert(tables.record).values(interview=interview, length=0, head=start))
    return _write(db, interview, chained(start, 0, rules.some(events), at), space, key)


def append(
    db: sa.Connection, interview: str, after: int, events: Sequence[Event], at: datetime, key: Key | None
) -> Receipt:
    """More rows; `Store.append`."""
    space = rules.record_space(interview)
    known = receipt(db, space, key)
    if known:
        return known
    length, head = length_and_head(db, interview)
    rules.same_length(interview, length, after)
    return _write(db, interview, chained(head, length, rules.some(events), at), space, key)


def erase(db: sa.Connection, interview: str, erased: Erased, at: datetime) -> Receipt:
    """Take body and salt from a row, and what else repeats it; `Store.erase`."""
    t, seq = tables.event.c, _place(erased.seq)
    here = sa.and_(t.interview == interview, t.seq == seq)
    rules.erasable(interview, seq, db.execute(sa.select(t.kind).where(here)).scalar_one_or_none())
    said = _rows(db, sa.and_(t.interview == interview, t.kind == Erased.__name__))
    before = rules.erased_by([envelope_of(row) for row in said], seq)
    if before:
        return Receipt(interview=interview, seq=before, fresh=False)
    db.execute(sa.update(tables.event).where(here).values(salt=None, body=None))
    w = tables.written.c
    db.execute(sa.update(tables.written).where(w.interview == interview, w.first <= seq, w.seq >= seq).values(body=""))
    if _has_closed(db, interview):
        db.execute(sa.delete(tables.draft).where(tables.draft.c.interview == interview))
    length, head = length_and_head(db, interview)
    return _write(db, interview, chained(head, length, [erased], at), "", None)


def read(db: sa.Connection, interview: str, after: int) -> tuple[Envelope, ...]:
    """Rows of a record after `after`; `Store.read`."""
    t = tables.event.c
    return tuple(map(envelope_of, _rows(db, sa.and_(t.interview == interview, t.seq > _place(after)))))


def interviews(db: sa.Connection, *, open_only: bool) -> tuple[str, ...]:
    """Names of records, oldest first; `Store.interviews`."""
    r, e = tables.record, tables.event
    query = (
        sa.select(r.c.interview)
        .select_from(r.outerjoin(e, sa.and_(e.c.interview == r.c.interview, e.c.seq == 1)))
        .order_by(e.c.at, r.c.interview)
    )
    if open_only:
        other = e.alias()
        query = query.where(~sa.exists().where(other.c.interview == r.c.interview, other.c.kind == Closed.__name__))
    return tuple(db.execute(query).scalars())


def verify(db: sa.Connection, interview: str) -> Verification:
    """Walk the chain of a record; `Store.verify`."""
    rows = _rows(db, tables.event.c.interview == interview)
    known = _length_and_head(db, interview)
    if known:
        length, head = known
        return verified(interview, rows, length=length, head=head)
    if rows:
        return Verification(rows=len(rows), erased=(), broken_at=1, why="the record is not in the list of records")
    raise rules.no_record(interview)


def length_and_head(db: sa.Connection, interview: str) -> tuple[int, str]:
    """The length of a record and the hash of its last row.

    Raises:
        NotFound: there is no such record.
    """
    known = _length_and_head(db, interview)
    if known is None:
        raise rules.no_record(interview)
    return known


def _length_and_head(db: sa.Connection, interview: str) -> tuple[int, str] | None:
    t = tables.record.c
    found = db.execute(sa.select(t.length, t.head).where(t.interview == interview)).one_or_none()
    return (found.length, found.head) if found else None


def _has_closed(db: sa.Connection, interview: str) -> bool:
    t = tables.event.c
    closed = sa.exists().where(t.interview == interview, t.kind == Closed.__name__)
    return bool(db.execute(sa.select(closed)).scalar_one())


def _rows(db: sa.Connection, which: sa.ColumnElement[bool]) -> list[Row]:
    t = tables.event.c
    columns = (t.seq, t.at, t.kind, t.schema, t.salt, t.body, t.commitment, t.hash)
    return [Row(**found) for found in db.execute(sa.select(*columns).where(which).order_by(t.seq)).mappings()]


def _write(db: sa.Connection, interview: str, rows: Sequence[Row], space: str, key: Key | None) -> Receipt:
    first, last = rows[0], rows[-1]
    db.execute(
        sa.insert(tables.event),
        [
            {
                "interview": interview, "seq": row.seq, "at": row.at, "kind": row.kind, "schema": row.schema,
                "salt": row.salt, "body": row.body, "commitment": row.commitment, "hash": row.hash,
            }
            for row in rows
        ],
    )  # fmt: skip
    t = tables.record
    db.execute(sa.update(t).where(t.c.interview == interview).values(length=last.seq, head=last.hash))
    if key:
        db.execute(
            sa.insert(tables.written).values(
                space=space, key=key.key, body=key.body, interview=interview, first=first.seq, seq=last.seq
            )
        )
    return Receipt(interview=interview, seq=last.seq, fresh=True)


# ---- beside the records --------------------------------------------------------------------------------------------


def save_draft(db: sa.Connection, interview: str, new: SavedDraft) -> SavedDraft:
    """Keep a draft; `Store.save_draft`."""
    length_and_head(db, interview)
    of, question, framework = rules.draft_place(new.draft)
    t = tables.draft.c
    here = sa.and_(t.interview == interview, t.of == of, t.question == question, t.framework == framework)
    stored = _drafts(db, here)
    kept = rules.accepted_draft(stored[0] if stored else None, new)
    if kept is new:
        place = {"interview": interview, "of": of, "question": question, "framework": framework}
        content = {"text": new.draft.text, "n": new.n, "at": time_text(new.at)}
        db.execute(
            upsert(tables.draft).values(**place, **content).on_conflict_do_update(index_elements=[*place], set_=content)
        )
    return kept


def drafts(db: sa.Connection, interview: str) -> tuple[SavedDraft, ...]:
    """Every draft of a record; `Store.drafts`."""
    return _drafts(db, tables.draft.c.interview == interview)


def _drafts(db: sa.Connection, which: sa.ColumnElement[bool]) -> tuple[SavedDraft, ...]:
    t = tables.draft.c
    found = db.execute(sa.select(tables.draft).where(which).order_by(t.at.desc(), t.n.desc()))
    return tuple(
        SavedDraft(
            draft=from_plain(
                {"of": row.of, "question": row.question, "framework": row.framework or None, "text": row.text}, Draft
            ),
            n=row.n,
            at=time_from(row.at),
        )
        for row in found
    )


def save_person(db: sa.Connection, interview: str, person: Person) -> None:
    """Keep who takes an interview; `Store.save_person`."""
    body = body_of(person, Person)
    db.execute(
        upsert(tables.person)
        .values(interview=interview, body=body)
        .on_conflict_do_update(index_elements=["interview"], set_={"body": body})
    )


def person(db: sa.Connection, interview: str) -> Person:
    """Who takes an interview; `Store.person`."""
    t = tables.person.c
    body = db.execute(sa.select(t.body).where(t.interview == interview)).scalar_one_or_none()
    found: Person = Person() if body is None else value_from(body, Person)
    return found


def put_blob(db: sa.Connection, content: bytes) -> Digest:
    """Keep bytes; `Store.put_blob`."""
    digest = rules.blob_digest(content)
    db.execute(upsert(tables.blob).values(digest=digest, content=content).on_conflict_do_nothing())
    return digest


def blob(db: sa.Connection, digest: Digest) -> bytes | None:
    """Bytes by digest; `Store.blob`.

    Raises:
        BrokenRecord: the bytes are no longer those of the digest.
    """
    t = tables.blob.c
    content: bytes | None = db.execute(sa.select(t.content).where(t.digest == digest)).scalar_one_or_none()
    if content is not None and rules.blob_digest(content) != digest:
        raise BrokenRecord(f"Blob {digest} is damaged.", mend="Bring the data folder back from a backup.")
    return content


def beat(db: sa.Connection, at: datetime) -> datetime | None:
    """Keep the time of a heartbeat; `Store.beat`."""
    before: str | None = db.execute(sa.select(tables.beat.c.at)).scalar_one_or_none()
    now = {"at": time_text(at)}
    db.execute(upsert(tables.beat).values(one=1, **now).on_conflict_do_update(index_elements=["one"], set_=now))
    return None if before is None else time_from(before)
