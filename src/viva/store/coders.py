"""One coder for each type of core: to plain JSON values and back, made once from fields and type hints. Law: what does
not fit its type to the last field is a `Misfit` that says where; nothing is converted or left out, and filled in is
only a field that came later (its metadata has `since`) where it is absent.
"""

import math
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Literal, NewType, TypeVar

T = TypeVar("T")


class Misfit(Exception):
    """A value does not fit its type; `path` grows on the way up to where it stands."""

    def __init__(self, says: str) -> None:
        """Start with an empty path."""
        super().__init__(says)
        self.path: list[str] = []

    def told(self) -> str:
        """Where and what, in a few words."""
        return f"{'.'.join(reversed(self.path)) or 'it'}: {self}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coder:
    """How one type is written to plain JSON values and read back; both raise `Misfit`."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


@cache
def coder_of(hint: Any) -> Coder:
    """The coder of a type.

    Raises:
        TypeError: core uses a type that this codec does not know.
    """
    if isinstance(hint, NewType):
        return coder_of(hint.__supertype__)
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _enum(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return _record(hint)
    return _composed(hint, typing.get_origin(hint), typing.get_args(hint))


def _composed(hint: Any, origin: Any, args: tuple[Any, ...]) -> Coder:
    if origin is Literal:
        return _literal(args)
    if origin is tuple and args[1:] == (Ellipsis,):
        return _sequence(coder_of(args[0]))
    if origin is tuple:
        return _fixed(tuple(coder_of(arg) for arg in args))
    if origin is frozenset:
        return _set(coder_of(args[0]))
    if origin in (types.UnionType, typing.Union):
        return _union(hint, args)
    raise TypeError(f"no way to record {hint!r}")


def _shown(value: object) -> str:
    """A few characters of a plain value; of anything larger its type only, since messages reach logs."""
    if value is None or isinstance(value, str | int | float):
        return f"{value!r:.40}"
    return f"{type(value).__name__} value"


def _exactly(kind: type[T], named: str) -> Callable[[Any], T]:
    def same(value: Any) -> T:
        if type(value) is not kind:
            raise Misfit(f"{_shown(value)} is not {named}")
        return value

    return same


def _write_text(value: Any) -> str:
    if not isinstance(value, str):
        raise Misfit(f"{_shown(value)} is not a text")
    return str(value)


def finite(value: float) -> float:
    """The number itself, unless it is infinite or not a number (`Misfit`)."""
    if not math.isfinite(value):
        raise Misfit(f"{value!r} is not a finite number")
    return value


def _number(value: Any) -> float:
    """A float; a whole number is one too where nothing is lost."""
    if type(value) is float:
        return finite(value)
    if type(value) is not int:
        raise Misfit(f"{_shown(value)} is not a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if number != value:
        raise Misfit(f"{_shown(value)} is too large for a number")
    return number


def write_time(value: Any) -> str:
    """A time that knows its zone as text in UTC, to the microsecond; `Misfit` for anything else."""
    if not isinstance(value, datetime):
        raise Misfit(f"{_shown(value)} is not a time")
    if value.utcoffset() is None:
        raise Misfit(f"{value.isoformat()} has no time zone")
    try:
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    except OverflowError:
        raise Misfit(f"{value.isoformat()} is no time in UTC") from None


def read_time(value: Any) -> datetime:
    """The time that `write_time` wrote; `Misfit` for any other spelling."""
    try:
        time = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Misfit(f"{_shown(value)} is not a time") from None
    if write_time(time) != value:
        raise Misfit(f"{_shown(value)} is not a time as viva writes it")
    return time.astimezone(UTC)


_SIMPLE: dict[Any, Coder] = {
    str: Coder(write=_write_text, read=_exactly(str, "a text")),
    int: Coder(write=_exactly(int, "a whole number"), read=_exactly(int, "a whole number")),
    bool: Coder(write=_exactly(bool, "true or false"), read=_exactly(bool, "true or false")),
    float: Coder(write=_number, read=_number),
    datetime: Coder(write=write_time, read=read_time),
    type(None): Coder(write=_exactly(type(None), "empty"), read=_exactly(type(None), "empty")),
}


def _enum(hint: type[StrEnum]) -> Coder:
    def write(value: Any) -> str:
        if not isinstance(value, hint):
            raise Misfit(f"{_shown(value)} is no {hint.__name__}")
        return value.value

    def read(value: Any) -> StrEnum:
        try:
            return hint(_exactly(str, "a text")(value))
        except ValueError:
            raise Misfit(f"{_shown(value)} is no {hint.__name__}") from None

    return Coder(write=write, read=read)


def _literal(members: tuple[Any, ...]) -> Coder:
    def same(value: Any) -> Any:
        if type(value) is not str or value not in members:
            raise Misfit(f"{_shown(value)} is none of {', '.join(map(repr, members))}")
        return value

    if not all(type(member) is str for member in members):
        raise TypeError(f"no way to record a choice among {members!r}")
    return Coder(write=same, read=same)


def _each(code: Callable[[Any], Any], items: Any) -> list[Any]:
    coded = []
    for place, item in enumerate(items):
        try:
            coded.append(code(item))
        except Misfit as misfit:
            misfit.path.append(str(place))
            raise
    return coded


def _sequence(inner: Coder) -> Coder:
    return Coder(
        write=lambda value: _each(inner.write, _exactly(tuple, "a tuple")(value)),
        read=lambda value: tuple(_each(inner.read, _exactly(list, "a list")(value))),
    )


def _fixed(inner: tuple[Coder, ...]) -> Coder:
    def full(items: Any) -> Any:
        if len(items) != len(inner):
            raise Misfit(f"{_shown(items)} has not {len(inner)} parts")
        return items

    def coded(items: Any, way: Literal["write", "read"]) -> list[Any]:
        pairs = zip(inner, full(items), strict=True)
        return _each(lambda pair: getattr(pair[0], way)(pair[1]), pairs)

    return Coder(
        write=lambda value: coded(_exactly(tuple, "a tuple")(value), "write"),
        read=lambda value: tuple(coded(_exactly(list, "a list")(value), "read")),
    )


def _set(inner: Coder) -> Coder:
    def read(value: Any) -> frozenset[Any]:
        items = frozenset(_each(inner.read, _exactly(list, "a list")(value)))
        if len(items) != len(value):
            raise Misfit("a member stands twice")
        return items

    return Coder(write=lambda value: sorted(_each(inner.write, _exactly(frozenset, "a set")(value))), read=read)


def _record(hint: type[Any]) -> Coder:
    hints = typing.get_type_hints(hint)
    coders = {field.name: coder_of(hints[field.name]) for field in fields(hint)}
    later = {field.name for field in fields(hint) if "since" in field.metadata}

    def write(value: Any) -> dict[str, Any]:
        if type(value) is not hint:
            raise Misfit(f"{_shown(value)} is no {hint.__name__}")
        return {name: _at(name, coder.write, getattr(value, name)) for name, coder in coders.items()}

    def read(value: Any) -> Any:
        content = _exactly(dict, "an object")(value)
        for name in content.keys() - coders.keys():
            raise Misfit(f"{hint.__name__} has no field {name!r}")
        for name in coders.keys() - content.keys() - later:
            raise Misfit(f"{hint.__name__} lacks its field {name!r}")
        return hint(**{name: _at(name, coders[name].read, inner) for name, inner in content.items()})

    return Coder(write=write, read=read)


def _at(name: str, code: Callable[[Any], Any], value: Any) -> Any:
    try:
        return code(value)
    except Misfit as misfit:
        misfit.path.append(name)
        raise


def _union(hint: Any, members: tuple[Any, ...]) -> Coder:
    empty = type(None) in members
    rest = tuple(member for member in members if member is not type(None))
    inner = coder_of(rest[0]) if len(rest) == 1 else _tagged(hint, rest)

    def optional(code: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return lambda value: None if value is None else code(value)

    return Coder(write=optional(inner.write), read=optional(inner.read)) if empty else inner


def _tagged(hint: Any, members: tuple[Any, ...]) -> Coder:
    if not all(isinstance(member, type) and is_dataclass(member) for member in members):
        raise TypeError(f"no way to record {hint!r}")
    coders = {member.__name__: coder_of(member) for member in members}

    def write(value: Any) -> dict[str, Any]:
        tag = type(value).__name__
        if type(value) not in members:
            raise Misfit(f"{_shown(value)} is none of {', '.join(coders)}")
        return {tag: _at(tag, coders[tag].write, value)}

    def read(value: Any) -> Any:
        content = _exactly(dict, "an object")(value)
        if len(content) != 1:
            raise Misfit(f"{_shown(value)} is not one tagged value")
        tag, inner = next(iter(content.items()))
        if tag not in coders:
            raise Misfit(f"{tag!r} is none of {', '.join(coders)}")
        return _at(tag, coders[tag].read, inner)

    return Coder(write=write, read=read)
