"""What every plug of the store decides alike, pure: who wins a draft, what a known key means, which numbers are taken."""

import hashlib
from collections.abc import Iterable, Sequence

from viva.core.errors import CandidateError, Conflict, KeyReused, NotFound, NotNow, StaleDraft
from viva.core.events import Agreed, Closed, Envelope, Erased, Event, Opened, Paused, Posed, Resumed
from viva.core.values import Digest, Draft
from viva.ports import Key, SavedDraft

DRAFT_NUMBER_LIMIT = 2**53
"""Client numbers stay below this: the largest whole number that every client can hold exactly."""


def opening_space(scope: str) -> str:
    """The space in which an opening key means one thing."""
    return f"open:{scope}"


def record_space(interview: str) -> str:
    """The space in which an append's key means one thing."""
    return f"record:{interview}"


def same_body(stored: str, key: Key) -> None:
    """Let a known key pass if it came with what it first came with; where that was erased (`stored` is empty), always.

    Raises:
        KeyReused: it came with something else.
    """
    if stored and stored != key.body:
        raise KeyReused(
            f"The key {key.key!r} was already used for something else.", mend="Send a new key with new content."
        )


def same_length(interview: str, length: int, after: int) -> None:
    """Let an append pass that was decided on the record's present length.

    Raises:
        Conflict: the record has grown since.
    """
    if length != after:
        raise Conflict(f"Record {interview!r} has {length} rows, not {after}.", mend="Read it again and decide anew.")


def accepted_draft(stored: SavedDraft | None, new: SavedDraft) -> SavedDraft:
    """The draft that stands afterwards: `new`, or the stored one where the same came again.

    Raises:
        StaleDraft: another text came with a number at or below the stored one.
        CandidateError: the number is negative or 2**53 and more.
    """
    if not 0 <= new.n < DRAFT_NUMBER_LIMIT:
        raise CandidateError(f"A draft cannot have the number {new.n}.", mend="Count drafts up from 0.")
    if stored is None or new.n > stored.n:
        return new
    if new.n == stored.n and new.draft.text == stored.draft.text:
        return stored
    raise StaleDraft(
        f"Draft {new.n} is not newer than the stored draft {stored.n}.",
        mend="Read the stored draft, then save with a higher number.",
        text=stored.draft.text,
        n=stored.n,
    )


def draft_place(draft: Draft) -> tuple[str, str, str]:
    """What a draft is kept under: of, question, framework (empty for none)."""
    return draft.of, draft.question, draft.framework or ""


_FRAME = frozenset(kind.__name__ for kind in (Opened, Agreed, Posed, Paused, Resumed, Closed))


def erasable(interview: str, seq: int, kind: str | None) -> None:
    """Let a row be erased if it is there, may hold somebody's words, and is not itself the word of who erased.

    Raises:
        NotFound: no such row (`kind` is None).
        NotNow: the row says who erased another one, or only when something happened: without it the rest has no meaning.
    """
    if kind is None:
        raise NotFound(f"Record {interview!r} has no row {seq}.", mend="Look at its rows with `viva log show`.")
    if kind == Erased.__name__:
        raise NotNow(f"Row {seq} of {interview!r} says who erased another row; it stays.", mend="Erase another row.")
    if kind in _FRAME:
        says = f"Row {seq} of {interview!r} ({kind}) holds nobody's words, and the rest has no meaning without it; it stays."
        raise NotNow(says, mend="Erase the rows with words: `viva log show` tells them.")


def no_record(interview: str) -> NotFound:
    """The error for a record that is not there."""
    return NotFound(f"There is no record {interview!r}.", mend="Look at the names with `viva log list`.")


def blob_digest(content: bytes) -> Digest:
    """The name of a blob: `sha256:` of the bytes themselves, so that `sha256sum` gives the same."""
    return Digest("sha256:" + hashlib.sha256(content).hexdigest())


def some(events: Sequence[Event]) -> Sequence[Event]:
    """The events of one write, of which there is at least one.

    Raises:
        ValueError: there is none; whoever calls has nothing to say.
    """
    if not events:
        raise ValueError("a write needs at least one event")
    return events


def erased_by(envelopes: Iterable[Envelope], seq: int) -> int | None:
    """The place of the row that says that row `seq` was erased, or None."""
    for envelope in envelopes:
        if isinstance(envelope.event, Erased) and envelope.event.seq == seq:
            return envelope.seq
    return None
