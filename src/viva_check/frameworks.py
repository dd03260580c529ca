"""What checks may ask about the framework of the attempt, so that one `checks.py` judges them all.

Law: a check learns which floats there are, whether arrays can be views and whether shapes are dear, never enough to expect
other values of one framework than of another. `sut` is what the check was given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from .outcomes import AuthorError

Case = TypeVar("Case")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """`default` is what integers become where they are divided or exponentiated; `floats` the dtypes that NumPy has as well;
    `views`: whether an array can lie in the memory of another one; `compiles`: whether each new shape is compiled for."""

    default: str
    floats: tuple[str, ...]
    views: bool
    compiles: bool = False


_ALL = ("float64", "float32", "float16")
_FACTS = {
    "numpy": _Facts(default="float64", floats=_ALL, views=True),
    "torch": _Facts(default="float32", floats=_ALL, views=True),
    "tensorflow": _Facts(default="float32", floats=_ALL, views=False),
    "jax": _Facts(default="float32", floats=_ALL[1:], views=False, compiles=True),
}


def default_float(sut: Any) -> np.dtype[Any]:
    """The float that the attempt's framework makes where nothing is said: float64 in NumPy, float32 in the others.

    Raises:
        AuthorError: the framework is unknown.
    """
    return np.dtype(_facts(sut).default)


def float_dtypes(sut: Any) -> tuple[np.dtype[Any], ...]:
    """float64, float32 and float16, the widest first, without float64 where the framework has none by default (JAX).

    Raises:
        AuthorError: the framework is unknown.
    """
    return tuple(np.dtype(name) for name in _facts(sut).floats)


def few(sut: Any, cases: Sequence[Case], count: int = 1) -> Sequence[Case]:
    """`cases` as they are; only the first `count` of them in a framework that compiles for each new shape (JAX: a quarter to
    half a second each). So put first the cases that tell most.

    Raises:
        AuthorError: the framework is unknown, or `count` is below 1, so that nothing would be tried.
    """
    if count < 1:
        raise AuthorError(f"few would try {count} cases; at least one is needed")
    return cases[:count] if _facts(sut).compiles else cases


def transposed(sut: Any, x: np.ndarray[Any, Any]) -> Any:
    """`x` over there, as a view in which the last two axes of another array are swapped; a plain array in frameworks without
    views (JAX, TensorFlow).

    Raises:
        AuthorError: the framework is unknown.
    """
    if not _facts(sut).views:
        return sut.put(x)
    return sut.keep(sut.put(np.ascontiguousarray(x.swapaxes(-1, -2))).swapaxes)(-1, -2)


def _facts(sut: Any) -> _Facts:
    try:
        return _FACTS[sut.framework]
    except KeyError:
        raise AuthorError(f"nothing is known of the floats of {sut.framework!r}") from None
