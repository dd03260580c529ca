"""How the values of a framework travel: what becomes of an array that arrives, and what of the framework's own leaves.

The wire carries NumPy arrays and plain data. Law: a dialect converts exact types only, and refuses in words what is of its
framework and has no plain content.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One framework, as the candidate's side of the wire needs it.

    `arrive` makes the framework's value of an array or numpy scalar that came; `leave` makes of a value an array or plain
    data that the wire knows, gives back what it does not know itself, and raises `values.Refused` for what cannot go;
    `generator` makes a random generator of a seed; `overwrite` puts new content into an array, in place, and gives it back, or
    gives what is to stand in its place where arrays cannot be changed; instances of a class of the candidate's own that
    derives from one of `data` are data, not objects; instances of `stays` are objects wherever their class comes from;
    `done` gives a value back once it is computed, since what stays over there may not be yet.
    """

    arrive: Callable[[Any], Any]
    leave: Callable[[Any], Any]
    generator: Callable[[int], Any]
    overwrite: Callable[[Any, Any], Any]
    data: tuple[type, ...]
    stays: tuple[type, ...]
    done: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


def _overwrite(target: Any, content: Any) -> Any:
    target[...] = content
    return target


NUMPY = Dialect(
    arrive=_same,
    leave=_same,
    generator=np.random.default_rng,
    overwrite=_overwrite,
    data=(np.ndarray, np.generic),
    stays=(),
    done=_same,
)


def of(framework: str) -> Dialect:
    """The dialect of a framework, which is imported for it."""
    if framework == "numpy":
        return NUMPY
    module = importlib.import_module(f".{framework}_values", __package__)
    dialect: Dialect = module.DIALECT
    return dialect
