"""Values of core as JSON and back, driven by their own fields and type hints. Laws: what was written reads back equal;
what does not fit its type to the last field is refused, never guessed. Adding a field or a member changes what is
stored, so it asks for a new `SCHEMA`; a field that came later says so (`metadata={"since": SCHEMA}`), and where it is
absent, in a row from before, it has its default.

A dataclass is an object with every field. Where several dataclasses may stand (evidence, a grade) it is wrapped in an
object with one key, its class name. An event's own name is kept beside its body, as the kind of its row.
"""

import json
import typing
from datetime import datetime
from typing import Any, NoReturn

from viva.core.errors import BrokenRecord
from viva.core.events import Event
from viva.store.coders import Misfit, coder_of, finite, read_time, write_time

SCHEMA = 2
"""The version of what stands in a body; it is kept with every row."""

READABLE = (1, SCHEMA)
"""The versions that are read."""

DAMAGED = "Run `viva log verify`; bring the data folder back from a backup if rows were damaged."

_EVENTS: dict[str, type[Any]] = {member.__name__: member for member in typing.get_args(Event)}


def kind_of(event: Event) -> str:
    """The name under which an event is kept."""
    return type(event).__name__


def event_body(event: Event) -> bytes:
    """The body of an event: one JSON object, keys sorted, UTF-8 in which lone surrogates keep their own bytes.

    Raises:
        BrokenRecord: a field holds what its type does not allow (a naive time, a number that is not finite).
    """
    return body_of(event, type(event))


def event_from(kind: str, body: bytes) -> Event:
    """The event of a row.

    Raises:
        BrokenRecord: an unknown kind, an unknown or missing field, an unknown tag, a wrong type.
    """
    member = _EVENTS.get(kind)
    if member is None:
        raise BrokenRecord(f"{kind!r} is no event that this viva knows.", mend="Read it with the viva that wrote it.")
    event: Event = value_from(body, member)
    return event


def body_of(value: object, hint: Any) -> bytes:
    """Any value of core as JSON bytes, by its type.

    Raises:
        BrokenRecord: the value does not fit `hint`.
    """
    return text_bytes(json_text(to_plain(value, hint)))


def value_from(body: bytes, hint: Any) -> Any:
    """The value of type `hint` that `body_of` wrote.

    Raises:
        BrokenRecord: the bytes are not JSON, or do not fit `hint`.
    """
    try:
        plain = json.loads(
            bytes_text(body), parse_constant=_no_constant, object_pairs_hook=_unique, parse_float=_finite_number
        )
    except (ValueError, RecursionError, Misfit) as error:
        raise BrokenRecord(f"A stored body is not JSON: {error}.", mend=DAMAGED) from error
    return from_plain(plain, hint)


def to_plain(value: object, hint: Any) -> Any:
    """A value as dicts, lists, strings, numbers, booleans and None.

    Raises:
        BrokenRecord: the value does not fit `hint`.
    """
    try:
        return coder_of(hint).write(value)
    except Misfit as misfit:
        says = f"{type(value).__name__} cannot be recorded: {misfit.told()}."
        raise BrokenRecord(says, mend="Report this: viva tried to record what its own types do not allow.") from misfit


def from_plain(plain: object, hint: Any) -> Any:
    """The value that `to_plain` wrote.

    Raises:
        BrokenRecord: `plain` does not fit `hint`.
    """
    try:
        return coder_of(hint).read(plain)
    except Misfit as misfit:
        name = getattr(hint, "__name__", str(hint))
        raise BrokenRecord(f"A stored {name} does not decode: {misfit.told()}.", mend=DAMAGED) from misfit


def json_text(plain: object) -> str:
    """Plain values as canonical JSON: sorted keys, no spaces; characters stand as themselves.

    Escapes would join two lone surrogates to one character when read; their own bytes do not.
    """
    return json.dumps(plain, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def text_bytes(text: str) -> bytes:
    """Any text as bytes, lone surrogates too."""
    return text.encode("utf-8", "surrogatepass")


def bytes_text(raw: bytes) -> str:
    """The text that `text_bytes` wrote.

    Raises:
        UnicodeDecodeError: the bytes are not of that kind.
    """
    return raw.decode("utf-8", "surrogatepass")


def time_text(at: datetime) -> str:
    """A time in UTC to the microsecond, always of the same width, so that texts sort as times.

    Raises:
        BrokenRecord: the time has no zone.
    """
    try:
        return write_time(at)
    except Misfit as misfit:
        raise BrokenRecord(f"A time cannot be recorded: {misfit}.", mend="Report this.") from misfit


def time_from(text: str) -> datetime:
    """The time that `time_text` wrote.

    Raises:
        BrokenRecord: it did not.
    """
    try:
        return read_time(text)
    except Misfit as misfit:
        raise BrokenRecord(f"A stored time does not decode: {misfit}.", mend=DAMAGED) from misfit


def _no_constant(name: str) -> NoReturn:
    raise Misfit(f"{name} is no number")


def _finite_number(text: str) -> float:
    return finite(float(text))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise Misfit("a key stands twice")
    return content
