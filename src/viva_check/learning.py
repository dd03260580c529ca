"""What learns: gradients, parameters, state, and a loss that falls.

Law: what the candidate's code answers ends in a return or a `Failure`, never in another exception.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from . import compare, shown
from .outcomes import AuthorError, CandidateError, Failure

_STEPS = {"float64": 6e-6, "float32": 5e-3}
_TOLERANCES = {"float64": (1e-5, 1e-7), "float32": (1e-2, 1e-3)}
_NARROW = ("float32", "float16", "bfloat16")
_CALLS_LIMIT = 512
_ENTRIES_LIMIT = 1 << 22
_PARAMETERS = ("parameters", "trainable_variables", "params")
_ARRAYS_LIMIT = 4_000

Array = np.ndarray[Any, Any]


def gradient(
    got: Any,
    function: Callable[[Array], Any],
    x: Any,
    *,
    upstream: Any = None,
    batched: bool = False,
    dtype: Any = None,
) -> None:
    """Return if `got` is the gradient of `(upstream * function(x)).sum()` with respect to `x`, by central differences.

    `function` is the candidate's or your own, is called with float64 arrays of the shape of `x`, and is smooth around it (no
    kink of a ReLU within a step). `upstream` has the shape of its result, or is all ones. `batched`: rows of the first axis
    are computed each by itself, so all perturbed inputs go in one call of `function`; without it, it is called twice for each
    of at most 256 entries. The step is `6e-6 * max(1, |x|)`, its error about 1e-10, and the tolerance rtol 1e-5 and atol
    1e-7, or that of `dtype` (of `got`, if that is narrower than float64). Where `function` answers in float32, as JAX does, the
    step is 5e-3, and the tolerance 1e-2 and 1e-3.

    Raises:
        Failure: another gradient, or a result of `function` that is no float64 or float32, or not of the shape of `upstream`.
        AuthorError: too many entries.
    """
    at = np.asarray(x, dtype=np.float64)
    width = _floats(function(at.copy())).dtype.name
    step = _STEPS[width] * np.maximum(1.0, np.abs(at))
    want = (_by_rows if batched else _by_entries)(function, at, step, upstream)
    what = "your gradient, beside that by finite differences,"
    came = shown.dtype(got) if isinstance(got, np.ndarray) else ""
    narrow = came if dtype is None and came in _NARROW else dtype
    if narrow is None or width == "float32":
        rtol, atol = _TOLERANCES[width]
        compare.close(got, want, rtol=rtol, atol=atol, what=what)
    else:
        compare.close(got, want, dtype=narrow, what=what)


def parameter_count(sut: Any, model: Any, want: int, *, what: str = "your model") -> None:
    """Return if `model` learns `want` numbers in all.

    Of an object over there: what it calls `parameters` (an attribute, or a method without arguments), `trainable_variables`
    or `params`. Of a plain list, tuple or dict: every array in it. An array that is there twice counts twice.

    Raises:
        Failure: another number, or no such name.
    """
    count = _count(model if isinstance(model, (list, tuple, dict, np.ndarray)) else _parameters(sut, model, what))
    if count != want:
        raise Failure(shown.sentence(f"{what} has {count} parameters, expected {want}."))


def carries_state(
    sut: Any,
    first: Any,
    second: Any,
    use: Callable[[Any], Any],
    *,
    save: str = "state_dict",
    load: str = "load_state_dict",
) -> None:
    """Return if the state that `first.save()` gives, put into `second` by `second.load(state)`, makes `use(second)` what
    `use(first)` is, twice in turn. The state stays over there, so it may be anything.

    Raises:
        Failure: they differ, or one of the methods is missing.
    """
    state = sut.keep(getattr(first, save))()
    sut.keep(getattr(second, load))(state)
    want = [sut.fetch(one) if callable(one) else one for one in (use(first), use(first))]
    got = [sut.fetch(one) if callable(one) else one for one in (use(second), use(second))]
    try:
        compare.close(got, want, what="it")
    except Failure as failure:
        raise Failure(
            f"An object that was given the state of another by `{load}` does not go on as that one does. {failure.says}"
        ) from None
    except AuthorError:
        raise Failure(f"Your code returned {shown.value(want[0])}, expected arrays or numbers.") from None


def lowers_loss(loss: Callable[[], Any], train: Callable[[], Any], *, to: float) -> None:
    """Return if `train()` brings `loss()`, a number of at least 0, to at most `to` times what it was before. Compute the loss
    on data that the training does not see.

    Raises:
        Failure: it does not, or the loss is no finite number.
    """
    before = _finite(loss(), "before training")
    train()
    after = _finite(loss(), "after training")
    if not after <= to * before:
        first, last, most = (shown.number(one, 4) for one in (before, after, to * before))
        raise Failure(f"Your training brings the loss on unseen data from {first} to {last}; expected at most {most}.")


def _by_rows(function: Callable[[Array], Any], x: Array, step: Array, upstream: Any) -> Array:
    """The gradient where rows are independent: every entry of a row in turn, in all rows at once, all in one call."""
    rows, entries = x.shape[0] if x.ndim else 0, int(np.prod(x.shape[1:]))
    if not rows or 2 * entries * x.size > _ENTRIES_LIMIT:
        raise AuthorError(f"gradient(batched=True) takes a batch of small rows, not shape {x.shape}")
    flat = step.reshape(rows, entries)
    shift = np.einsum("re,ef->erf", flat, np.eye(entries))
    moved = np.stack([x.reshape(rows, entries) + shift, x.reshape(rows, entries) - shift])
    out = _floats(function(moved.reshape(2 * entries * rows, *x.shape[1:])))
    if not out.ndim or len(out) != 2 * entries * rows:
        raise Failure(f"Your function returned {shown.value(out)} for {2 * entries * rows} rows.")
    above, below = out.astype(np.float64).reshape(2, entries, rows, *out.shape[1:])
    rise = ((above - below) * _weights(upstream, above.shape[1:])).reshape(entries, rows, -1).sum(axis=-1)
    gradients: Array = (rise.T / (2 * flat)).reshape(x.shape)
    return gradients


def _by_entries(function: Callable[[Array], Any], x: Array, step: Array, upstream: Any) -> Array:
    if 2 * x.size > _CALLS_LIMIT:
        raise AuthorError(
            f"gradient() calls twice for each entry, and {x.size} are too many: say batched=True, or less"
        )
    gradients = np.empty(x.size)
    for place in range(x.size):
        above, below = x.copy(), x.copy()
        above.flat[place] += step.flat[place]
        below.flat[place] -= step.flat[place]
        one, other = (_floats(function(moved)).astype(np.float64) for moved in (above, below))
        if one.shape != other.shape:
            raise Failure(
                f"Your function returned shape {shown.shape(one.shape)}, and then {shown.shape(other.shape)}."
            )
        rise = ((one - other) * _weights(upstream, one.shape)).sum()
        gradients[place] = rise / (2 * step.flat[place])
    return gradients.reshape(x.shape)


def _floats(got: Any) -> Array:
    if type(got) is float or (isinstance(got, (np.ndarray, np.generic)) and shown.dtype(got) in _STEPS):
        return np.asarray(got)
    raise Failure(f"Your function returned {shown.value(got)} for float64 input, expected float64.")


def _weights(upstream: Any, shape: tuple[int, ...]) -> Array:
    if upstream is None:
        return np.ones(shape)
    weights = np.asarray(upstream, dtype=np.float64)
    if weights.shape != shape:
        raise Failure(
            f"Your function returned an array of shape {shown.shape(shape)}, expected {shown.shape(weights.shape)}."
        )
    return weights


def _parameters(sut: Any, model: Any, what: str) -> Any:
    """The arrays that an object over there learns, by the first name of it that gives any."""
    for name in _PARAMETERS:
        found = getattr(model, name)
        try:
            return sut.fetch(found)
        except CandidateError:  # no such name, or a method
            pass
        try:
            given = sut.keep(found)()
        except CandidateError as error:
            if error.type_name:
                raise
            continue
        try:
            return sut.fetch(given)
        except CandidateError:  # an iterator
            return sut.take(given, _ARRAYS_LIMIT)
    raise Failure(shown.sentence(f"{what} has none of {', '.join(_PARAMETERS)}."))


def _count(value: Any) -> int:
    if isinstance(value, (np.ndarray, np.generic)):
        return int(value.size)
    if isinstance(value, dict):
        return sum(map(_count, value.values()))
    return sum(map(_count, value)) if isinstance(value, (list, tuple)) else 0


def _finite(value: Any, when: str) -> float:
    number = isinstance(value, (int, float, np.generic, np.ndarray)) and np.ndim(value) == 0
    if not number or np.asarray(value).dtype.kind not in "iuf" or not np.isfinite(value):
        raise Failure(f"The loss {when} is {shown.value(value)}, expected a finite number.")
    return float(value)
