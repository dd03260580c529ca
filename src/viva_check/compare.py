"""Equality as every question means it, with the reason in words where it fails.

Law: the same shape, and elementwise `|got - want| <= atol * max(1, max|want|) + rtol * |want|`, the tolerance by the dtype of
`want` (float64 1e-6 and 1e-8, float32 1e-4 and 1e-5, half precision 2e-2 and 2e-3; complex as its parts), max over the
finite entries. Integers and truth values are equal exactly, NaN only where NaN is wanted, an infinity only where that very
infinity is. A list may be a tuple and the other way round, a number a 0-d array. Whatever `got` is, the outcome is a return or
a `Failure`.
"""

from typing import Any

import numpy as np

from . import shown
from .outcomes import AuthorError, Failure

_TOLERANCE = {
    **dict.fromkeys(("float64", "complex128"), (1e-6, 1e-8)),
    **dict.fromkeys(("float32", "complex64"), (1e-4, 1e-5)),
    **dict.fromkeys(("float16", "bfloat16"), (2e-2, 2e-3)),
}
_MAY_BE = {"b": "b", "i": "iu", "u": "iu", "f": "iuf", "c": "iufc"}
_KIND_NAMES = {"b": "truth values", "i": "integers", "u": "integers", "f": "real numbers", "c": "complex numbers"}
_PLAIN = (type(None), str, bytes)
_NUMBERS = (bool, int, float, complex, np.generic, np.ndarray)

Array = np.ndarray[Any, Any]
_Tolerances = tuple[float | None, float | None, str | None]


def close(
    got: Any,
    want: Any,
    *,
    rtol: float | None = None,
    atol: float | None = None,
    dtype: Any = None,
    what: str = "your result",
) -> None:
    """Return if `got` equals `want` as this module means it.

    `dtype` is that of the call's inputs where `want` was computed more exactly; it chooses the tolerance only. `rtol`, `atol`
    replace either part of it. `what` names the value in the sentence.

    Raises:
        Failure: they differ; says where first, by how much at most, and what was expected.
        AuthorError: `want` or `dtype` is nothing that can be compared with.
    """
    name = None if dtype is None else _dtype_name(dtype)
    _compare(got, want, (rtol, atol, name), what)


def equal(got: Any, want: Any, *, what: str = "your result") -> None:
    """Return if `got` is exactly `want`: no tolerance, else as `close`.

    Raises:
        Failure, AuthorError: as `close`.
    """
    _compare(got, want, (0.0, 0.0, None), what)


def same_dtype(got: Any, want: Any, *, what: str = "your result") -> None:
    """Return if `got`, or each item of it where it is a list, tuple or dict, has the dtype `want` (or that of the array `want`).

    Raises:
        Failure: it has another, or none.
        AuthorError: `want` is no dtype.
    """
    name = shown.dtype(want) if isinstance(want, (np.ndarray, np.generic)) else _dtype_name(want)
    if type(got) in (list, tuple):
        for place, item in enumerate(got):
            same_dtype(item, name, what=f"item {place} of {what}")
    elif type(got) is dict:
        for key, item in got.items():
            same_dtype(item, name, what=f"entry {key!r} of {what}")
    elif not isinstance(got, (np.ndarray, np.generic)):
        raise Failure(shown.sentence(f"{what} is {shown.value(got)}, expected an array of dtype {name}."))
    elif shown.dtype(got) != name:
        raise Failure(shown.sentence(f"{what} has dtype {shown.dtype(got)}, expected {name}."))


def sums_to(got: Any, total: float = 1.0, *, axis: int = -1, dtype: Any = None, what: str = "your result") -> None:
    """Return if every slice of `got` along `axis` sums to `total`, within the tolerance of `dtype` (default: that of `got`).

    Raises:
        Failure: `got` is no such array, or a slice sums to something else.
    """
    if not isinstance(got, np.ndarray) or got.dtype.kind != "f" or not -got.ndim <= axis < got.ndim:
        raise Failure(shown.sentence(f"{what} is {shown.value(got)}, expected an array of real numbers."))
    with np.errstate(all="ignore"):
        sums = got.astype(np.float64).sum(axis=axis)
    rtol, atol = _tolerance(shown.dtype(got) if dtype is None else _dtype_name(dtype))
    wrong = ~(np.abs(sums - total) <= atol * max(1.0, abs(total)) + rtol * abs(total))
    if wrong.any():
        place = tuple(np.argwhere(wrong)[0]) if wrong.ndim else ()
        which = f"row {shown.index(place)} of {what}" if place else what
        raise Failure(shown.sentence(f"{which} sums to {shown.number(sums[place])}, expected {shown.number(total)}."))


def _compare(got: Any, want: Any, tolerances: _Tolerances, what: str) -> None:
    if type(want) in (list, tuple):
        _compare_items(got, want, tolerances, what)
    elif type(want) is dict:
        _compare_entries(got, want, tolerances, what)
    elif type(want) in _PLAIN:
        _compare_plain(got, want, what)
    elif isinstance(want, _NUMBERS):
        _compare_numbers(got, want, tolerances, what)
    else:
        raise AuthorError(f"close and equal compare plain values and arrays, not {type(want).__name__}")


def _compare_items(got: Any, want: Any, tolerances: _Tolerances, what: str) -> None:
    if type(got) not in (list, tuple):
        _wrong_kind(got, want, what)
    if len(got) != len(want):
        raise Failure(shown.sentence(f"{what} has {shown.count(len(got), 'item')}, expected {len(want)}."))
    for place, (one, other) in enumerate(zip(got, want, strict=True)):
        _compare(one, other, tolerances, f"item {place} of {what}")


def _compare_entries(got: Any, want: dict[Any, Any], tolerances: _Tolerances, what: str) -> None:
    if type(got) is not dict:
        _wrong_kind(got, want, what)
    for key in want:
        if key not in got:
            raise Failure(shown.sentence(f"{what} lacks the key {shown.value(key)}."))
    for key in got:
        if key not in want:
            raise Failure(shown.sentence(f"{what} has the key {shown.value(key)}, which is not expected."))
    for key, item in want.items():
        _compare(got[key], item, tolerances, f"entry {shown.value(key)} of {what}")


def _compare_plain(got: Any, want: Any, what: str) -> None:
    if type(got) is not type(want):
        _wrong_kind(got, want, what)
    if got == want:
        return
    says = f"{what} is {shown.value(got)}, expected {shown.value(want)}"
    if min(len(got), len(want)) > 8:
        first = next(
            (i for i, pair in enumerate(zip(got, want, strict=False)) if pair[0] != pair[1]), min(len(got), len(want))
        )
        says += f" (they differ first at character {first})"
    raise Failure(shown.sentence(f"{says}."))


def _compare_numbers(got: Any, want: Any, tolerances: _Tolerances, what: str) -> None:
    if type(got) not in (bool, int, float, complex) and not isinstance(got, (np.ndarray, np.generic)):
        _wrong_kind(got, want, what)
    if type(got) is int and _is_integer(want):
        if got != int(want):
            raise Failure(shown.sentence(f"{what} is {shown.number(got)}, expected {shown.number(want)}."))
        return
    ours, theirs = _array(want), _array(got)
    if ours.dtype.kind not in _MAY_BE:
        raise AuthorError(f"close and equal compare numbers, not {ours.dtype}")
    if theirs.shape != ours.shape:
        was = (
            f"has shape {shown.shape(theirs.shape)}" if theirs.ndim else f"is the single number {shown.number(theirs)}"
        )
        wanted = shown.shape(ours.shape) if theirs.ndim and ours.ndim else shown.expected(want)
        raise Failure(shown.sentence(f"{what} {was}, expected {wanted}."))
    if theirs.dtype.kind not in _MAY_BE[ours.dtype.kind]:
        names = f"{_KIND_NAMES.get(theirs.dtype.kind, 'other values')} ({shown.dtype(theirs)})"
        raise Failure(shown.sentence(f"{what} holds {names}, expected {_KIND_NAMES[ours.dtype.kind]}."))
    if ours.dtype.kind in "biu":
        _report(theirs, ours, theirs != ours, None, what)
    else:
        _compare_real(theirs, ours, tolerances, what)


def _compare_real(theirs: Array, ours: Array, tolerances: _Tolerances, what: str) -> None:
    rtol, atol, name = tolerances
    usual = _tolerance(name or shown.dtype(ours))
    rtol, atol = usual[0] if rtol is None else rtol, usual[1] if atol is None else atol
    wide = np.complex128 if "c" in (ours.dtype.kind, theirs.dtype.kind) else np.float64
    want, got = ours.astype(wide), theirs.astype(wide)
    with np.errstate(all="ignore"):
        finite = np.isfinite(want)
        size = np.minimum(np.abs(want), np.finfo(np.float64).max)  # of a complex number it may overflow
        largest = float(np.max(size, where=finite, initial=0.0))
        allowed = atol * max(1.0, largest) + rtol * size
        good = np.where(finite, np.abs(got - want) <= allowed, _same_part(got.real, want.real))
        if wide is np.complex128:
            good &= finite | _same_part(got.imag, want.imag)
    _report(got, want, ~good, allowed, what)


def _same_part(got: Array, want: Array) -> Array:
    same: Array = (got == want) | (np.isnan(got) & np.isnan(want))
    return same


def _report(got: Array, want: Array, wrong: Array, allowed: Array | None, what: str) -> None:
    """Raise the failure that `wrong` entries are, if there are any."""
    if not wrong.any():
        return
    first = tuple(np.argwhere(wrong)[0]) if wrong.ndim else ()
    came, wanted = shown.two(got[first], want[first])
    if not wrong.ndim:
        within = "" if allowed is None else f" (allowed error: {shown.number(allowed[()], 2)})"
        raise Failure(shown.sentence(f"{what} is {came}, expected {wanted}{within}."))
    how_many = f"{int(wrong.sum())} of {wrong.size}"
    says = f"{what} is wrong in {how_many} entries; first at {shown.index(first)}: got {came}, expected {wanted}."
    raise Failure(shown.sentence(says + _others(got, want, wrong, allowed)))


def _others(got: Array, want: Array, wrong: Array, allowed: Array | None) -> str:
    """What else is worth knowing of wrong entries: that some are not finite, or the largest error and its place."""
    with np.errstate(all="ignore"):
        if allowed is None:
            return ""
        strange = int((wrong & np.isnan(got)).sum())
        if strange:
            return f" {strange} of them {'is' if strange == 1 else 'are'} NaN."
        error = np.where(wrong & np.isfinite(want), np.abs(got - want), 0.0)
    place = np.unravel_index(int(np.argmax(error)), error.shape)
    if not error[place] > 0:
        return ""
    most, limit = shown.number(error[place], 3), shown.number(allowed[place], 2)
    return f" The largest error is {most}, at {shown.index(tuple(map(int, place)))} (allowed there: {limit})."


def _wrong_kind(got: Any, want: Any, what: str) -> None:
    raise Failure(shown.sentence(f"{what} is {shown.value(got)}, expected {shown.expected(want)}."))


def _is_integer(value: Any) -> bool:
    kind = type(value)
    return kind is int or (isinstance(value, (np.ndarray, np.generic)) and value.ndim == 0 and value.dtype.kind in "iu")


def _array(value: Any) -> Array:
    """A number or array as an array; an integer that no dtype holds as the float nearest to it."""
    if type(value) is int and not -(1 << 63) <= value < 1 << 64:
        return np.array(float(value) if value.bit_length() < 1000 else np.inf * (1 if value > 0 else -1))
    return np.asarray(value)


def _dtype_name(dtype: Any) -> str:
    if dtype == "bfloat16":
        return "bfloat16"
    try:
        name = shown.dtype(np.empty(0, dtype))
    except TypeError:
        raise AuthorError(f"{dtype!r} is no dtype") from None
    return name


def _tolerance(name: str) -> tuple[float, float]:
    if name not in _TOLERANCE:
        raise AuthorError(f"there is no tolerance for {name}; it is one of {', '.join(_TOLERANCE)}")
    return _TOLERANCE[name]
