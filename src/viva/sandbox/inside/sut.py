"""What a check holds in place of the candidate's module: names to call, and things that live over there."""

import functools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from viva_check import AuthorError, Seed

from . import values
from .wire import Kept, Wire


class There:
    """Something on the candidate's side: the module (number 0) or a kept object, and a path of names and items from it.

    Calling it calls it there; attributes and items are paths, followed when used; it may be passed as an argument. Iterable
    and measurable only where a list or tuple was kept.
    """

    __slots__ = ("_epoch", "_kept", "_number", "_path", "_wire")

    def __init__(self, wire: Wire, number: int, path: tuple[Any, ...], kept: Kept | None) -> None:
        self._wire = wire
        self._epoch = wire.epoch
        self._number = number
        self._path = path
        self._kept = kept

    def __getattr__(self, name: str) -> "There":
        if name.startswith("_"):
            raise AttributeError(name)
        return There(self._wire, self._number, (*self._path, name), None)

    def __getitem__(self, key: int | str) -> "There":
        if type(key) not in (int, str):
            raise AuthorError(f"[{key!r}]: items over there are named by an integer or a string")
        return There(self._wire, self._number, (*self._path, [key]), None)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it over there: a plain value, or `There` where a class or an object of the candidate's own came of it."""
        return call(self, args, kwargs, keep=False)

    def __len__(self) -> int:
        if self._kept is None or self._kept.length is None:
            raise TypeError(f"{self!r} has no length")
        return self._kept.length

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator["There"]:
        return iter([self[place] for place in range(len(self))])

    def __repr__(self) -> str:
        if self._kept is not None:
            return f"an object of type {self._kept.type_name}"
        return f"`{'.'.join(str(step) for step in self._path)}`"


def node_of(there: There) -> dict[str, Any]:
    """How `there` is named on the wire.

    Raises:
        AuthorError: it was made in another check, whose objects are gone.
    """
    if there._epoch != there._wire.epoch:
        raise AuthorError(f"{there!r} was made in another check; make it anew in each")
    return {"h": [there._number, list(there._path)]}


def call(there: There, args: tuple[Any, ...], kwargs: dict[str, Any], *, keep: bool) -> Any:
    """Call it over there; its result as a plain value, or as `There` where it stays.

    Raises:
        CandidateError, Lost, AuthorError: as `Wire.request`.
    """
    wire = there._wire
    node, body = _encoded(wire, [list(args), kwargs])
    number = wire.number()
    fields = {"target": node_of(there), "value": node, "keep": keep, "id": number}
    answer = wire.request("call", fields, body)
    return There(wire, number, (), answer) if isinstance(answer, Kept) else answer


class Keeping:
    """`sut.keep`: `.name(...)`, or `(thing)(...)`, calls as `sut` does and leaves the result there."""

    __slots__ = ("_sut",)

    def __init__(self, sut: "Sut") -> None:
        self._sut = sut

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self(self._sut[name])

    def __call__(self, there: There) -> Any:
        """`there` as a function whose result stays over there."""

        def kept(*args: Any, **kwargs: Any) -> Any:
            return call(there, args, kwargs, keep=True)

        return kept


class Sut:
    """The candidate's module, as a check sees it. Any name but the methods below is a name of the candidate's module."""

    __slots__ = ("_resident_bytes", "_wire")

    def __init__(self, wire: Wire, resident_bytes: Callable[[], int]) -> None:
        self._wire = wire
        self._resident_bytes = resident_bytes
        wire.encode = functools.partial(
            _encoded, wire
        )  # what a function of the checker answers may stay over there too

    def __getattr__(self, name: str) -> There:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> There:
        """The name `name`, also where it is one of the methods here or begins with an underscore."""
        return There(self._wire, 0, (name,), None)

    @property
    def framework(self) -> str:
        """What the attempt is written in; `viva_check` asks it, checks ask `viva_check`."""
        return self._wire.framework

    @property
    def keep(self) -> Keeping:
        """Calls whose results stay over there."""
        return Keeping(self)

    def put(self, value: Any) -> There:
        """A value that stays over there: an array of the attempt's framework, a list of such, a generator (`seed`)."""
        node, body = _encoded(self._wire, value)
        return self._held("put", {"value": node}, body)

    def rng(self, number: int) -> There:
        """One random generator over there, which goes on where the last call left it."""
        return self.put(Seed(int(number)))

    def fetch(self, there: There) -> Any:
        """The present value of something over there."""
        return self._wire.request("get", {"target": node_of(there)})

    def hold(self, there: There) -> There:
        """The object that a path leads to now, whatever the path leads to later."""
        return self._held("hold", {"target": node_of(there)})

    def write(self, there: There, content: Any) -> None:
        """Overwrite the elements of an array over there, in place."""
        node, body = _encoded(self._wire, content)
        self._wire.request("write", {"target": node_of(there), "value": node}, body)

    def take(self, there: There, count: int) -> list[Any]:
        """The next at most `count` items of an iterator or iterable over there."""
        items = self._wire.request("take", {"target": node_of(there), "count": int(count)})
        return list(items) if type(items) is list else []

    def resident_bytes(self) -> int:
        """Memory that the candidate's process holds now, measured from outside; `viva_check` asks, checks ask `viva_check`."""
        return self._resident_bytes()

    def has(self, name: str) -> bool:
        """Whether the candidate's module has this name; `"Adam.step"` asks for a class's method."""
        return kind_of(self._wire, name)[0] != "nothing"

    def _held(self, op: str, fields: dict[str, Any], body: bytes | memoryview = b"") -> There:
        number = self._wire.number()
        kept = self._wire.request(op, {**fields, "id": number}, body)
        return There(self._wire, number, (), kept if isinstance(kept, Kept) else None)


def kind_of(wire: Wire, name: str) -> tuple[str, str]:
    """What a name of the module is ("function", "class", "nothing", or a description), and a name like it or ""."""
    found = wire.request("has", {"name": name})
    if type(found) is not list or len(found) != 2 or type(found[0]) is not str or type(found[1]) is not list:
        return "nothing", ""
    near = found[1][0] if found[1] and type(found[1][0]) is str else ""
    return found[0][:200], near[:80]


def _encoded(wire: Wire, value: Any) -> tuple[Any, bytes | memoryview]:
    def hook(thing: Any) -> dict[str, Any] | None:
        if type(thing) is There:
            return node_of(thing)
        if type(thing) is Seed:
            return {"rng": hex(thing.number)}
        if isinstance(thing, np.random.Generator):
            raise AuthorError("a check's own generator must not be sent: pass seed(int(rng.integers(2**63))) instead")
        if callable(thing) and not isinstance(thing, type):
            return {"fn": wire.function_number(thing)}
        return None

    try:
        return values.encode(value, hook=hook)
    except values.Refused as refused:
        raise AuthorError(f"the attempt cannot be given {refused.found} as {refused.where}an argument") from None
