"""Values as short words, for sentences that somebody under stress reads once. Never more than a line, never an error."""

from typing import Any

import numpy as np

_LENGTH = 80


def dtype(of: Any) -> str:
    """The name of an array's or numpy scalar's dtype; "bfloat16" where a float32 is marked as having come from one."""
    marks = of.dtype.metadata or {}
    name: str = of.dtype.name
    return "bfloat16" if name == "float32" and marks.get("name") == "bfloat16" else name


def article(name: str) -> str:
    """`name` with "a" or "an" before it."""
    return f"an {name}" if name[:1] in "aeiou" else f"a {name}"


def value(got: Any) -> str:
    """What `got` is: its text if it is short and plain, else its kind and size."""
    kind = type(got)
    if isinstance(got, np.ndarray):
        return f"an array of shape {shape(got.shape)} and dtype {dtype(got)}"
    if isinstance(got, np.generic):
        return f"{number(got)} ({dtype(got)})"
    if kind in (list, tuple, dict):
        return f"{article(kind.__name__)} of {count(len(got), 'item')}"
    if kind in (int, float, complex):
        return number(got)
    text = repr(got)
    if kind in (str, bytes) and len(text) > _LENGTH:
        return f"{article(kind.__name__)} of {len(got)} characters beginning {text[: _LENGTH // 2]}"
    return text if len(text) <= _LENGTH else text[: _LENGTH - 2] + " …"


def expected(want: Any) -> str:
    """What was expected in place of a value of another kind, without giving its content away."""
    if isinstance(want, np.ndarray) and want.ndim:
        return f"an array of shape {shape(want.shape)}"
    if isinstance(want, (list, tuple, dict)):
        return value(want)
    if isinstance(want, (bool, np.bool_)):
        return "True or False"
    if isinstance(want, (str, bytes)):
        return article(type(want).__name__)
    return value(want) if want is None else "a number"


def count(number_of: int, noun: str) -> str:
    """A number with its noun: "1 item", "2 items"."""
    return f"{number_of} {noun}" + ("" if number_of == 1 else "s")


def shape(sizes: tuple[int, ...]) -> str:
    """A shape as Python writes it."""
    return "(" + ", ".join(str(int(size)) for size in sizes) + ("," if len(sizes) == 1 else "") + ")"


def index(place: tuple[int, ...]) -> str:
    """A place in an array as one would write it in code."""
    return "[" + ", ".join(str(int(part)) for part in place) + "]"


def number(got: Any, digits: int = 6) -> str:
    """A number to `digits` significant digits; integers and truth values whole, up to a length."""
    plain = got.item() if isinstance(got, (np.generic, np.ndarray)) else got
    if isinstance(plain, (bool, int)):
        text = str(plain) if isinstance(plain, bool) or plain.bit_length() < 200 else f"about 2**{plain.bit_length()}"
    elif isinstance(plain, complex):
        text = f"{plain.real:.{digits}g}{plain.imag:+.{digits}g}j"
    elif plain != plain:  # noqa: PLR0124 - NaN is the one number that is not itself
        text = "NaN"
    else:
        text = f"{plain:.{digits}g}".replace("inf", "infinity")
    return text


def two(got: Any, want: Any) -> tuple[str, str]:
    """Two numbers that differ, with as many digits as it takes to see that they do."""
    for digits in (6, 9, 12, 17):
        pair = number(got, digits), number(want, digits)
        if pair[0] != pair[1]:
            break
    return pair


def sentence(text: str) -> str:
    """`text` with a capital at its beginning."""
    return text[:1].upper() + text[1:]
