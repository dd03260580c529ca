"""`@scaling`: how a function of checks.py becomes the measurement of what an attempt costs at growing sizes.

Law: only the call that the function returns is timed; making inputs and bringing them over there is not.
"""

import inspect
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_args

from .outcomes import AuthorError

Growth = Literal["constant", "log", "linear", "n log n", "quadratic", "cubic", "exponential"]
"""Classes of growth, the slowest first."""

_NAME = "__viva_scaling__"
_LEAST = 4
_Function = TypeVar("_Function", bound=Callable[..., Callable[[], Any]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling:
    """The one measurement of a question. `growth` is the author's word for how the reference's time grows in `name`."""

    title: str
    sizes: tuple[int, ...]
    name: str
    growth: Growth
    function: Callable[..., Callable[[], Any]]


def scaling(title: str, *, sizes: Sequence[int], growth: Growth, name: str = "n") -> Callable[[_Function], _Function]:
    """Make a function `(sut, rng, size)` the measurement of this file: it prepares the inputs for a size, over there, and
    returns a function without arguments that makes the one call whose cost counts.

    `title` names that call for the candidate, `name` the size that grows, `growth` how the reference's CPU time grows with it.

    Raises:
        AuthorError: an empty title or name, fewer than 4 sizes or not ascending, an unknown growth, other parameters, or a
            second measurement in the file.
    """
    if not str(title).strip() or not str(name).strip():
        raise AuthorError("@scaling needs a title (what is called) and a name of the size that grows")
    plain = tuple(int(size) for size in sizes)
    if len(plain) < _LEAST or plain[0] < 1 or any(a >= b for a, b in itertools.pairwise(plain)):
        raise AuthorError(f"@scaling(sizes={sizes!r}): give at least {_LEAST} positive sizes, the smallest first")
    if growth not in get_args(Growth):
        raise AuthorError(f"@scaling(growth={growth!r}): it is one of {', '.join(get_args(Growth))}")

    def register(function: _Function) -> _Function:
        if list(inspect.signature(function).parameters) != ["sut", "rng", "size"]:
            raise AuthorError(f"{function.__name__!r} must take (sut, rng, size)")
        if _NAME in function.__globals__:
            raise AuthorError("there are two @scaling in one file: a question has one measurement")
        function.__globals__[_NAME] = Scaling(
            title=title.strip(), sizes=plain, name=name.strip(), growth=growth, function=function
        )
        return function

    return register


def scaling_of(namespace: Mapping[str, Any]) -> Scaling | None:
    """The measurement that a checks.py with these globals defined, if any."""
    found = namespace.get(_NAME)
    return found if isinstance(found, Scaling) else None
