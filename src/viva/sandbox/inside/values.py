"""Python values as (JSON meta, body bytes) and back: a closed set, exact types only.

None, booleans, finite floats, small integers and strings are themselves in JSON, a list is a JSON array; everything else
is an object with one key that names its kind:

    {"i": hex}  an integer beyond 2**53          {"f": "nan" | "inf" | "-inf"}      {"c": [real, imaginary]}
    {"u": hex}  a string with lone surrogates    {"b": count}  bytes, in the body   {"t": [...]}  a tuple
    {"d": [[key, value], ...]}  a dict           {"a": [dtype, shape]}  an array, in the body
    {"n": dtype}  a numpy scalar, in the body
    any other key: what the caller's own hook makes of it (handles, generators, callbacks)

What lies in the body lies there in the order of the meta. Laws: decode(encode(x)) is x, bit for bit (of a Python NaN, that
it is one); a limit is compared before memory is allocated; a subclass is never taken for its base (a masked array is no
array), save the standard library's own dicts and named tuples.
"""

import json
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import arrays, frames

Hook = Callable[[Any], dict[str, Any] | None]
"""What to send for a value that is outside the closed set; None where it is unknown to the caller as well."""

Unhook = Callable[[str, Any], Any]
"""The value of a node of the caller's own kind, from its key and content. Raises `Malformed`."""

Convert = Callable[[Any], Any]
"""From a framework's own value to one of the closed set, or back; what it does not know it gives back."""

_SMALL = 1 << 53
_UNUSUAL = {"nan": float("nan"), "inf": float("inf"), "-inf": float("-inf")}
_LIKE_LISTS: tuple[type, ...] = (set, frozenset, range, map, filter, zip, enumerate, deque)
_VIEWS: tuple[type, ...] = (type({}.keys()), type({}.values()), type({}.items()))
_LAZY = ("generator", "coroutine")
_ALIKE = 256
"""Keys of one dict with the same hash. Each is compared with all others, so 37,000 multiples of 2**61 - 1 would hold the
checker up for seconds, which are not the candidate's by the clock; plain data has a handful."""

_KEY_TYPES = (type(None), bool, int, float, complex, str, bytes)


class Refused(Exception):
    """A value that the wire does not carry: what it is ("a masked array") and where ("item 1 of ", or "")."""

    def __init__(self, found: str, where: str = "") -> None:
        super().__init__(f"{where}{found}")
        self.found = found
        self.where = where


class Malformed(Exception):
    """A node that no encoder makes, or one over the limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one value may hold; the same on both ends, so that honest code meets a sentence and not a broken wire."""

    depth: int = 16
    items: int = 100_000
    arrays: int = 4_096
    body_bytes: int = frames.BODY_LIMIT
    meta_bytes: int = frames.META_LIMIT - 4_096
    int_bits: int = 1 << 15


LIMITS = Limits()


def encode(
    value: object, *, limits: Limits = LIMITS, hook: Hook = lambda _: None, leave: Convert = lambda value: value
) -> tuple[Any, bytes | memoryview]:
    """The meta node and the body of `value`, in which `leave` makes of a framework's own values what is in the closed set.
    The body of one large array is a view of that array: send it before anything writes to that.

    Raises:
        Refused: a type outside the closed set that `hook` does not know, or more than `limits` allow.
    """
    writer = _Writer(limits, hook, leave)
    node = writer.node(value, 0)
    return node, writer.parts[0] if len(writer.parts) == 1 else b"".join(writer.parts)


def decode(
    node: Any,
    body: bytes | memoryview,
    *,
    limits: Limits = LIMITS,
    unhook: Unhook | None = None,
    arrive: Convert = lambda value: value,
) -> Any:
    """The value that `encode` was given; `arrive` makes a framework's own value of each array and numpy scalar.

    Raises:
        Malformed: anything that `encode` under the same limits does not make, a body of another length included.
    """
    reader = _Reader(limits, memoryview(body), unhook, arrive)
    value = reader.value(node, 0)
    if reader.at != len(body):
        raise Malformed("the body is longer than the arrays in it")
    return value


def safe_type_name(value: object) -> str:
    """The name of a value's type, as text that its class cannot choose the length or type of."""
    try:
        name = type.__getattribute__(type(value), "__name__")
    except BaseException:  # a metaclass of the candidate's may do anything
        return "object"
    return name[:80] if type(name) is str else "object"


def describe(value: object) -> str:
    """A noun phrase for a value that is refused, in words for whoever returned it."""
    kind = type(value)
    if kind is np.ndarray:
        return f"an array of dtype {value.dtype.name[:40]}"  # type: ignore[attr-defined]
    name = safe_type_name(value)
    if issubclass(kind, np.ma.MaskedArray):
        return "a masked array (numpy.ma.MaskedArray)"
    if issubclass(kind, np.ndarray):
        return f"an object of type {name}, a subclass of numpy.ndarray"
    if kind in (*_LIKE_LISTS, *_VIEWS) or name in _LAZY:
        return f"a {name}"
    if issubclass(kind, type):
        return "a class"
    if callable(value):
        return "a function"
    return f"an object of type {name}"


class _Writer:
    """One encoding: counts what it has written, and stops at the first thing over the limits."""

    __slots__ = ("arrays_left", "body_left", "hook", "items_left", "leave", "limits", "meta_left", "parts")

    def __init__(self, limits: Limits, hook: Hook, leave: Convert) -> None:
        self.limits = limits
        self.hook = hook
        self.leave = leave
        self.parts: list[bytes | memoryview] = []
        self.items_left = limits.items
        self.arrays_left = limits.arrays
        self.body_left = limits.body_bytes
        self.meta_left = limits.meta_bytes

    def node(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if value is None or kind is bool:
            return self._text(value, 6)
        if kind is int:
            return self._integer(value)
        if kind is float:
            finite = value - value == 0.0
            return self._text(value if finite else {"f": repr(value)}, len(repr(value)) + 8 * (not finite))
        if kind is str:
            return self._string(value)
        if kind in (list, tuple, dict):
            return self._container(value, depth)
        return self._rarer(self.leave(value), depth)

    def _rarer(self, value: Any, depth: int) -> Any:
        kind = type(value)
        plain = value if kind is tuple else _plain(value)
        if plain is not None:
            return self._container(plain, depth)
        if kind is complex:
            return self._text({"c": [value.real.hex(), value.imag.hex()]}, 64)
        if kind is bytes:
            return self._bytes(value)
        if kind is np.ndarray:
            return self._array(value)
        if issubclass(kind, np.generic) and kind.__module__ == "numpy":
            return self._scalar(value)
        own = self.hook(value)
        if own is None:
            raise Refused(describe(value))
        return self._text(own, len(json.dumps(own)))

    def _text(self, node: Any, length: int) -> Any:
        self.items_left -= 1
        self.meta_left -= length + 1
        if self.items_left < 0:
            raise Refused(f"more than {self.limits.items} items (use an array for so many)")
        if self.meta_left < 0:
            raise Refused(f"more than {self.limits.meta_bytes} characters of plain data (use an array for so much)")
        return node

    def _integer(self, value: int) -> Any:
        if -_SMALL <= value <= _SMALL:
            return self._text(value, len(repr(value)))
        if value.bit_length() > self.limits.int_bits:
            raise Refused(f"an integer of {value.bit_length()} bits (at most {self.limits.int_bits})")
        return self._text({"i": hex(value)}, 12 + value.bit_length() // 4)

    def _string(self, value: str) -> Any:
        if len(value) > self.meta_left:
            raise Refused(f"a string of {len(value)} characters, which is too long")
        try:
            raw = value.encode("utf-8")
        except UnicodeEncodeError:
            wide = value.encode("utf-8", "surrogatepass").hex()
            return self._text({"u": wide}, len(wide) + 8)
        plain = raw.isascii() and value.isalnum()
        return self._text(value, 2 + len(raw) if plain else len(json.dumps(value)))

    def _bytes(self, value: bytes) -> Any:
        self._room(len(value))
        self.parts.append(value)
        return self._text({"b": len(value)}, 24)

    def _room(self, count: int) -> None:
        self.body_left -= count
        if self.body_left < 0:
            raise Refused(f"more than {self.limits.body_bytes >> 20} MiB of arrays")

    def _array(self, value: np.ndarray[Any, Any]) -> Any:
        code = arrays.code_of(value.dtype)
        if code is None or value.ndim > arrays.MAX_RANK:
            raise Refused(describe(value))
        self.arrays_left -= 1
        if self.arrays_left < 0:
            raise Refused(f"more than {self.limits.arrays} arrays")
        if arrays.byte_count(code, value.shape) > self.limits.body_bytes:
            raise Refused(f"an array of shape {value.shape}, which is too large")
        self._room(value.size * arrays.DTYPES[code].itemsize)
        self.parts.append(arrays.to_bytes(value, code))
        return self._text({"a": [code, list(value.shape)]}, 24 + 12 * value.ndim)

    def _scalar(self, value: np.generic) -> Any:
        code = arrays.code_of(value.dtype)
        if code is None or type(value) is not value.dtype.type:
            raise Refused(f"a numpy.{safe_type_name(value)}")
        raw = arrays.to_bytes(np.asarray(value), code)
        self._room(len(raw))
        self.parts.append(raw)
        return self._text({"n": code}, 20)

    def _container(self, value: Any, depth: int) -> Any:
        if depth >= self.limits.depth:
            raise Refused(f"lists or dicts nested more than {self.limits.depth} deep")
        if type(value) is dict:
            return self._text({"d": [self._pair(key, item, depth) for key, item in list(value.items())]}, 8)
        items = [self._item(place, item, depth) for place, item in enumerate(list(value))]
        return self._text(items if type(value) is list else {"t": items}, 8)

    def _item(self, place: int, item: Any, depth: int) -> Any:
        try:
            return self.node(item, depth + 1)
        except Refused as refused:
            raise Refused(refused.found, f"{refused.where}item {place} of ") from None

    def _pair(self, key: Any, item: Any, depth: int) -> Any:
        if not _is_key(key):
            raise Refused(f"a dict key that is {describe(key)}")
        self.meta_left -= 3
        try:
            return [self.node(key, depth + 1), self.node(item, depth + 1)]
        except Refused as refused:
            name = repr(key)[:40] if type(key) is str else f"for {safe_type_name(key)}"
            raise Refused(refused.found, f"{refused.where}entry {name} of ") from None


def _plain(value: Any) -> tuple[Any, ...] | dict[Any, Any] | None:
    """What a container of the standard library holds that is a tuple or dict in all but name: a value of its own cannot hide
    in it, and honest code returns it."""
    if type(value) in (OrderedDict, defaultdict, Counter):
        return dict(value)
    if issubclass(type(value), tuple) and type(value).__bases__ == (tuple,) and "_fields" in type(value).__dict__:
        return tuple(tuple.__iter__(value))
    return None


def _is_key(key: object) -> bool:
    if type(key) is tuple:
        return len(key) <= 64 and all(type(part) is not tuple and _is_key(part) for part in key)
    return type(key) in _KEY_TYPES or (isinstance(key, np.generic) and type(key).__module__ == "numpy")


class _Reader:
    """One decoding: a cursor over the body and what is left of each limit."""

    __slots__ = ("arrays_left", "arrive", "at", "body", "items_left", "limits", "unhook")

    def __init__(self, limits: Limits, body: memoryview, unhook: Unhook | None, arrive: Convert) -> None:
        self.limits = limits
        self.arrive = arrive
        self.body = body
        self.unhook = unhook
        self.at = 0
        self.items_left = limits.items
        self.arrays_left = limits.arrays

    def value(self, node: Any, depth: int) -> Any:
        self.items_left -= 1
        if self.items_left < 0 or depth > self.limits.depth:
            raise Malformed("too many items, or nested too deeply")
        kind = type(node)
        if node is None or kind in (bool, float):
            return node
        if kind is int:
            return self._bounded(node)
        if kind is str:
            return node
        if kind is list:
            return [self.value(item, depth + 1) for item in node]
        if kind is not dict or len(node) != 1:
            raise Malformed("a node with no kind, or several")
        ((tag, content),) = node.items()
        return self._tagged(tag, content, depth)

    def _tagged(self, tag: str, content: Any, depth: int) -> Any:
        if tag == "t" and type(content) is list:
            return tuple([self.value(item, depth + 1) for item in content])
        if tag == "d" and type(content) is list:
            return self._dict(content, depth)
        if tag == "a":
            return self.arrive(self._array(content))
        if tag == "n" and type(content) is str and content in arrays.DTYPES:
            return self.arrive(arrays.from_bytes(self._take(arrays.DTYPES[content].itemsize), content, ())[()])
        if tag == "b" and type(content) is int and content >= 0:
            return bytes(self._take(content))
        if tag in ("i", "f", "c", "u"):
            return self._spelled(tag, content)
        if self.unhook is None:
            raise Malformed("a node of an unknown kind")
        return self.unhook(tag, content)

    def _spelled(self, tag: str, content: Any) -> Any:
        try:
            if tag == "c":
                real, imaginary = content
                return complex(float.fromhex(real), float.fromhex(imaginary))
            if type(content) is not str:
                raise Malformed("a spelled value that is no string")
            if tag == "u":
                return bytes.fromhex(content).decode("utf-8", "surrogatepass")
            if tag == "f":
                return _UNUSUAL[content]
            return self._bounded(int(content, 16))
        except (KeyError, ValueError, TypeError, OverflowError) as problem:
            raise Malformed("a value that is spelled wrongly") from problem

    def _bounded(self, value: int) -> int:
        if value.bit_length() > self.limits.int_bits:
            raise Malformed("an integer over the limit")
        return value

    def _take(self, count: int) -> memoryview:
        if count > len(self.body) - self.at:
            raise Malformed("the body is shorter than the arrays in it")
        self.at += count
        return self.body[self.at - count : self.at]

    def _array(self, content: Any) -> Any:
        self.arrays_left -= 1
        if self.arrays_left < 0 or type(content) is not list or len(content) != 2:
            raise Malformed("too many arrays, or one without dtype and shape")
        code, shape = content
        if (
            type(code) is not str
            or code not in arrays.DTYPES
            or type(shape) is not list
            or len(shape) > arrays.MAX_RANK
        ):
            raise Malformed("an array with an unknown dtype or no shape")
        if any(type(size) is not int or size < 0 for size in shape):
            raise Malformed("an array with a size that is no count")
        if arrays.byte_count(code, tuple(shape)) > self.limits.body_bytes:
            raise Malformed("an array over the limit")
        count = 0 if 0 in shape else arrays.byte_count(code, tuple(shape))
        return arrays.from_bytes(self._take(count), code, tuple(shape))

    def _dict(self, content: list[Any], depth: int) -> dict[Any, Any]:
        made: dict[Any, Any] = {}
        alike: dict[int, int] = {}
        for pair in content:
            if type(pair) is not list or len(pair) != 2:
                raise Malformed("a dict entry that is no pair")
            key = self.value(pair[0], depth + 1)
            if not _is_key(key):
                raise Malformed("a dict key that is no plain value")
            alike[hash(key)] = times = alike.get(hash(key), 0) + 1
            if times > _ALIKE:
                raise Malformed("dict keys that were made to collide")
            made[key] = self.value(pair[1], depth + 1)
        if len(made) != len(content):
            raise Malformed("a dict with one key twice")
        return made
