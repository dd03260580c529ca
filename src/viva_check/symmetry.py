"""How a result must go with its input: what may change it, and what may not.

`call` is something of the attempt (`sut.attention`, a handle) or a function of the check that makes such a call and answers
with an array. Law: what the candidate's code answers ends in a return or a `Failure`, never in another exception.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from . import compare, shown
from .outcomes import AuthorError, Failure

_PLACES = 8

Array = np.ndarray[Any, Any]
Call = Callable[..., Any]


def deterministic(call: Call, *args: Any, **kwargs: Any) -> Any:
    """The result of `call(*args, **kwargs)`, having seen that three calls in turn give exactly the same.

    Raises:
        Failure: a later call gave something else.
    """
    first = call(*args, **kwargs)
    for _ in range(2):
        again = call(*args, **kwargs)
        try:
            compare.equal(again, first, what="it")
        except Failure as failure:
            raise Failure(
                f"Your code gives another result when it is called again with the same. {failure.says}"
            ) from None
        except AuthorError:
            raise Failure(f"Your code returned {shown.value(first)}, expected arrays or numbers.") from None
    return first


def causal(call: Call, x: Array, other: Array, *, axis: int = 1) -> None:
    """Return if no position of `call(x)` depends on a later position of `x`, both along `axis`.

    `other` has the shape and dtype of `x` and other content: from a cut on, for at most 8 cuts, the input becomes `other`, and
    the result before the cut must stay, within the tolerance of its dtype. Something after it must change.

    Raises:
        Failure: a position depends on later ones, or the result on nothing.
    """
    length = _length(x, axis)
    if other.shape != x.shape or length < 2:
        raise AuthorError(
            f"causal() takes two inputs of one shape, with at least 2 positions, not {x.shape}, {other.shape}"
        )
    whole = _positions(call(x), axis, length)
    for cut in _some(1, length - 1):
        mixed = np.concatenate([_part(x, axis, 0, cut), _part(other, axis, cut, length)], axis=axis)
        got = _positions(call(mixed), axis, length)
        try:
            compare.close(_part(got, axis, 0, cut), _part(whole, axis, 0, cut), what="the result before it")
        except Failure as failure:
            raise Failure(
                f"Your code looks ahead: only the input from position {cut} on was changed. {failure.says}"
            ) from None
        if cut == 1 and np.array_equal(got, whole):
            raise Failure("Your result stays the same whatever the input is after its first position.")


def permutation_equivariant(call: Call, x: Array, order: Any, *, axis: int = 1) -> None:
    """Return if `call` of `x` with its positions along `axis` in another `order` is `call(x)` in that order.

    Raises:
        Failure: it is something else.
        AuthorError: `order` is no permutation of the positions, or leaves all in place.
    """
    length = _length(x, axis)
    places = np.asarray(order)
    if sorted(places.tolist()) != list(range(length)) or places.tolist() == list(range(length)):
        raise AuthorError(f"permutation_equivariant() takes another order of 0 to {length - 1}, not {places.tolist()}")
    want = np.take(_positions(call(x), axis, length), places, axis=axis)
    got = _positions(call(np.take(x, places, axis=axis)), axis, length)
    compare.close(got, want, what=f"the result for the input in the order {places.tolist()}")


def batch_independent(call: Call, *batches: Array) -> None:
    """Return if each row of `call(*batches)` is what `call` gives for that row alone, at most 8 rows along the first axis.

    Raises:
        Failure: a row depends on the others.
        AuthorError: the batches have no row, or not all as many.
    """
    rows = {_length(batch, 0) for batch in batches}
    if len(rows) != 1 or rows == {0}:
        raise AuthorError("batch_independent() takes arrays with the same number of rows, at least 1")
    (count,) = rows
    whole = _positions(call(*batches), 0, count)
    for row in _some(0, count - 1):
        alone = _positions(call(*[batch[row : row + 1] for batch in batches]), 0, 1)
        try:
            compare.close(whole[row : row + 1], alone, what="in the batch it")
        except Failure as failure:
            raise Failure(f"Row {row} of your result is another when that row comes alone: {failure.says}") from None


def streams(start: Callable[[], Call], x: Array, want: Array, *, axis: int = 1, pieces: Sequence[int] = (1, 3)) -> None:
    """Return if `x`, given piece by piece along `axis`, gives `want`, piece by piece: in pieces of 1, and again in pieces of 3.

    `start()` answers with a fresh function for one stream, which is called with each piece in turn.

    Raises:
        Failure: the pieces together are something else; says in what pieces they came.
    """
    length = _length(x, axis)
    _positions(want, axis, length)
    for size in pieces:
        step = start()
        cuts = [(at, min(at + size, length)) for at in range(0, length, size)]
        for at, end in cuts:
            got = _positions(step(_part(x, axis, at, end)), axis, end - at)
            what = f"the result for positions {at} to {end - 1}, given in pieces of {size},"
            compare.close(got, _part(want, axis, at, end), what=what)


def stays_finite(
    call: Call, shape: tuple[int, ...], *, dtypes: Sequence[str] = ("float32", "float64"), size: float = 1e4
) -> None:
    """Return if `call` answers with finite numbers for inputs of `shape` whose entries are `size` and `-size`: all the one, all
    the other, both in turn, and one that sticks out; in each of `dtypes` ("float16" holds up to 65504).

    Raises:
        Failure: NaN, an infinity, or no number; says for which input.
    """
    signs = np.ones(shape)
    turns, single = signs.copy(), -signs
    turns.flat[1::2] = -1
    single.flat[:1] = 1
    inputs = {f"all {size:g}": signs, f"all {-size:g}": -signs, f"{size:g} and {-size:g} in turn": turns}
    inputs[f"one {size:g} among {-size:g}"] = single
    for dtype in dtypes:
        for name, pattern in inputs.items():
            _all_finite(call((size * pattern).astype(dtype)), f"for {dtype} input, {name}")


def _all_finite(got: Any, when: str) -> None:
    if isinstance(got, (list, tuple)) and got:
        for item in got:
            _all_finite(item, when)
        return
    numbers = np.asarray(got) if isinstance(got, (int, float, np.ndarray, np.generic)) else np.empty(0, object)
    if numbers.dtype.kind not in "iufc":
        raise Failure(f"Your code returned {shown.value(got)} {when}, expected numbers.")
    wrong = numbers[~np.isfinite(numbers)]
    if wrong.size:
        raise Failure(f"Your result holds {shown.number(wrong[0])} {when} ({wrong.size} of {numbers.size} entries).")


def _length(x: Array, axis: int) -> int:
    if not -x.ndim <= axis < x.ndim:
        raise AuthorError(f"the input must be an array with axis {axis}, not {shown.value(x)}")
    return int(x.shape[axis])


def _positions(got: Any, axis: int, length: int) -> Array:
    """`got`, if it is an array with `length` positions along `axis`."""
    if not (isinstance(got, np.ndarray) and -got.ndim <= axis < got.ndim and got.shape[axis] == length):
        raise Failure(f"Your code returned {shown.value(got)}, expected an array of length {length} along axis {axis}.")
    return got


def _part(x: Array, axis: int, start: int, end: int) -> Array:
    return np.take(x, range(start, end), axis=axis)


def _some(first: int, last: int) -> list[int]:
    """At most 8 integers from `first` to `last`, both included, evenly spread."""
    return sorted({round(place) for place in np.linspace(first, last, _PLACES)})
