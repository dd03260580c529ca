"""`@check`: how a function of checks.py becomes a check. The list lives in that module itself, in the order of the file."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from .outcomes import AuthorError

_LIST = "__viva_checks__"
_Function = TypeVar("_Function", bound=Callable[..., None])


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check of a question. `cpu_seconds` is its own limit on the candidate's CPU time, None for the run's."""

    name: str
    title: str
    weight: float
    visible: bool
    cpu_seconds: float | None
    function: Callable[..., None]
    takes_rng: bool

    def run(self, sut: Any, rng: Any) -> None:
        """Run the check on a stand-in of the attempt."""
        if self.takes_rng:
            self.function(sut, rng)
        else:
            self.function(sut)


_MOST = 1_000_000
"""Largest weight, and limit in seconds, that a check may name."""

_SHOWN = 32


def check(
    title: str, *, weight: float = 1, visible: bool = False, cpu_seconds: float | None = None
) -> Callable[[_Function], _Function]:
    """Make a function `(sut)` or `(sut, rng)` a check of this file.

    `title` says in plain words what must hold, for the candidate. `visible` checks also run on Run. A check passes if it
    returns.

    Raises:
        AuthorError: an empty title, a weight or limit that is not positive or over a million, other parameters, or a name
            used twice.
    """
    if not str(title).strip():
        raise AuthorError("@check needs a title: what must hold, in plain words")
    _positive("weight", weight)
    if cpu_seconds is not None:
        _positive("cpu_seconds", cpu_seconds)

    def register(function: _Function) -> _Function:
        made = Check(
            name=function.__name__,
            title=title.strip(),
            weight=float(weight),
            visible=bool(visible),
            cpu_seconds=None if cpu_seconds is None else float(cpu_seconds),
            function=function,
            takes_rng=_takes_rng(function),
        )
        known: list[Check] = function.__globals__.setdefault(_LIST, [])
        if any(other.name == made.name for other in known):
            raise AuthorError(f"two checks are named {made.name!r}: give each function its own name")
        known.append(made)
        return function

    return register


def checks_of(namespace: Mapping[str, Any]) -> tuple[Check, ...]:
    """The checks that a checks.py with these globals defined, in the order of the file."""
    return tuple(namespace.get(_LIST, ()))


def _positive(what: str, value: float) -> None:
    try:
        fine = 0 < float(value) <= _MOST  # float() since no comparison with a whole number overflows
    except (OverflowError, TypeError, ValueError):
        fine = False
    if not fine:
        raise AuthorError(f"@check({what}={_short(value)}): use a positive number, at most {_MOST:,}")


def _short(value: object) -> str:
    try:
        text = repr(value)
    except ValueError:  # a whole number of more digits than Python writes out
        text = "a number of thousands of digits"
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _takes_rng(function: Callable[..., None]) -> bool:
    parameters = list(inspect.signature(function).parameters.values())
    names = [str(one) for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD]
    if len(names) != len(parameters) or names not in (["sut"], ["sut", "rng"]):
        raise AuthorError(
            f"check {function.__name__!r} takes ({', '.join(map(str, parameters))}); a check takes (sut) or (sut, rng)"
        )
    return len(names) == 2
