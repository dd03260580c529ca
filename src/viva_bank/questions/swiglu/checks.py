"""Checks of SwiGLU. Law: silu is tried by itself first (a layer can be arranged whose result is silu of one number), then what
each matrix does, then the whole; the ends of the range are tried apart from the middle, and warnings apart from values. Checks
of form (dtype, inputs, memory) only ask that a result makes sense; an answer that ignores its inputs fails all.
Expected values are worked out one hidden unit at a time, in Python's own numbers.
"""

import math

import numpy as np

from viva_check import (
    check,
    close,
    equal,
    fail,
    float_dtypes,
    keeps_earlier_result,
    not_aliased,
    same_dtype,
    scaling,
    transposed,
    unchanged,
)

requires = ("swiglu",)

NAMES = ("x", "w_gate", "w_up", "w_down")


def silu(g):
    """silu of one number."""
    return g / (1 + math.exp(-g)) if g > -40 else g * math.exp(g)


def right(given):
    """The right result in float64; `given` is (x, w_gate, w_up, w_down)."""
    x, w_gate, w_up, w_down = (np.asarray(array, np.float64) for array in given)
    out = np.zeros(x.shape)
    for unit in range(w_down.shape[0]):
        gates = np.tensordot(x, w_gate[:, unit], 1)
        opened = np.array([silu(g) for g in np.ravel(gates).tolist()]).reshape(gates.shape)
        out += np.multiply.outer(opened * np.tensordot(x, w_up[:, unit], 1), w_down[unit])
    return out


def floats(sut):
    """float64 and float32, or float32 alone where the framework has no wider one."""
    return [dtype for dtype in float_dtypes(sut) if dtype.itemsize >= 4]


def widest(sut):
    return floats(sut)[0]


def draw(rng, leading, d, f, dtype):
    """Random (x, w_gate, w_up, w_down); gates of about ±3, no element near zero."""

    def some(*shape):
        return rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.5, 1.5, size=shape)

    w_gate = 2 * some(d, f) / math.sqrt(d)
    return tuple(a.astype(dtype) for a in (some(*leading, d), w_gate, some(d, f), some(f, d) / math.sqrt(f)))


def draw_open(rng, leading, d, f, dtype):
    """As `draw`, with all gates above zero: what is asked is not what silu makes of them."""
    x, w_gate, w_up, w_down = draw(rng, leading, d, f, dtype)
    return np.abs(x), np.abs(w_gate), w_up, w_down


def alone(gates, ups, dtype):
    """A layer with one hidden unit: row n of its result is (silu(gates[n]) * ups[n], 0)."""
    x = np.stack([gates, ups], axis=-1)
    arrays = (x, [[1.0], [0.0]], [[0.0], [1.0]], [[1.0, 0.0]])
    return tuple(np.array(a).astype(dtype) for a in arrays)


def shown(given):
    """A call in words."""
    return f"x {given[0].shape}, w_gate and w_up {given[1].shape}, w_down {given[3].shape}, {given[0].dtype}"


def is_sane(out, x, what):
    """Fail what cannot be a result for the arrays of `draw`."""
    if not isinstance(out, np.ndarray) or out.shape != x.shape:
        found = f"an array of shape {out.shape}" if isinstance(out, np.ndarray) else f"a {type(out).__name__}"
        fail(f"For {what}, an array of shape {x.shape} was expected, and {found} came.")
    if out.dtype.kind != "f":
        fail(f"For {what}, the result has dtype {out.dtype}.")
    seen = np.asarray(out, np.float64)
    if not np.isfinite(seen).all():
        fail(f"For {what}, the result contains NaN or infinity.")
    if np.ptp(seen) == 0 and (seen.size > 1 or seen.flat[0] == 0):
        fail(f"For {what}, every element of the result is {seen.flat[0]:g}.")
    if np.array_equal(seen, np.asarray(x, np.float64)):
        fail(f"For {what}, the result is x itself.")


def run(sut, given):
    """One call whose result must make sense."""
    out = sut.swiglu(*given)
    is_sane(out, given[0], shown(given))
    return out


def try_call(sut, given, why=""):
    """Compare one call with the right result."""
    what = f"your result for {shown(given)}" + (f" ({why})" if why else "")
    close(sut.swiglu(*given), right(given), dtype=given[0].dtype, what=what)


# ---- the statement's examples


@check("the statement's example: gates of ln 3, 0 and -ln 3", visible=True)
def example(sut):
    x, w_gate = [[1.0, 2.0]], [[math.log(3), 0.0, 0.0], [0.0, 0.0, -math.log(3) / 2]]
    w_up, w_down = [[4.0, 1.0, 0.0], [0.0, 1.0, 2.0]], [[1.0, 0.0], [5.0, 5.0], [0.0, 2.0]]
    given = tuple(np.array(a).astype(widest(sut)) for a in (x, w_gate, w_up, w_down))
    want = np.array([[3 * math.log(3), -2 * math.log(3)]])
    close(sut.swiglu(*given), want, dtype=given[0].dtype, what="your result for the first call of the example")


@check("the statement's example: gates of 10000 and -10000", visible=True)
def example_large(sut):
    given = tuple(np.array(a).astype(widest(sut)) for a in ([1.0], [[1e4, -1e4]], [[2.0, 3.0]], [[0.5], [1.0]]))
    close(
        sut.swiglu(*given), np.array([1e4]), dtype=given[0].dtype, what="your result for the second call of the example"
    )


# ---- silu, and what each matrix does


@check("silu: a gate g lets g / (1 + exp(-g)) through", weight=2)
def silu_alone(sut, rng):
    for dtype in floats(sut):
        gates = np.concatenate([np.arange(-8.0, 9.0), rng.uniform(-6, 6, size=8), [0.5, -0.5]])
        try_call(
            sut, alone(gates, np.ones(gates.size), dtype), why=f"rows are silu of numbers from {gates.min():g} to 8"
        )


@check("silu belongs to the gate: a gate far below zero closes its unit, whatever w_up gives")
def closed(sut, rng):
    ups = np.array([3.0, -3.0, 0.5, 8.0]) + rng.uniform(0, 0.2, size=4)
    for gate in (-60.0, -45.0):
        given = alone(np.array([2.0, gate, gate, gate]), ups, widest(sut))
        out = run(sut, given)
        close(
            out[1:],
            np.zeros((3, 2)),
            dtype=given[0].dtype,
            what=f"the rows with a gate of {gate:g}, x @ w_up {ups[1:].round(2).tolist()},",
        )


@check("a gate a little below zero is not closed: it lets a negative part through", weight=0.5)
def below_zero(sut, rng):
    gates = np.array([1.0, *-rng.uniform(0.3, 3, size=6)])
    out = run(sut, alone(gates, np.ones(gates.size), widest(sut)))
    for gate, through in zip(gates[1:].tolist(), out[1:, 0].tolist(), strict=True):
        if not through < 0:
            fail(f"A gate of {gate:.3g} let {through:.3g} through; silu of it is {silu(gate):.3g}.")


@check("w_up acts in a straight line: three times w_up gives three times the result, its negative the negative")
def up_linear(sut, rng):
    for d, f in ((3, 4), (2, 5)):
        x, w_gate, w_up, w_down = draw_open(rng, (3,), d, f, widest(sut))
        once = np.asarray(run(sut, (x, w_gate, w_up, w_down)), np.float64)
        for factor in (3, -1):
            out = run(sut, (x, w_gate, factor * w_up, w_down))
            close(out, factor * once, dtype=x.dtype, what=f"your result for {factor} times w_up, D = {d}, F = {f},")


@check("w_down acts in a straight line: three times w_down gives three times the result, its negative the negative")
def down_linear(sut, rng):
    for d, f in ((3, 4), (2, 5)):
        x, w_gate, w_up, w_down = draw_open(rng, (3,), d, f, widest(sut))
        once = np.asarray(run(sut, (x, w_gate, w_up, w_down)), np.float64)
        for factor in (3, -1):
            out = run(sut, (x, w_gate, w_up, factor * w_down))
            close(out, factor * once, dtype=x.dtype, what=f"your result for {factor} times w_down, D = {d}, F = {f},")


@check("hidden units add up: a layer cut into two by its units gives two results whose sum is the whole")
def units_add(sut, rng):
    for d, f, cut in ((3, 4, 1), (2, 6, 3), (4, 2, 1)):
        x, w_gate, w_up, w_down = draw_open(rng, (3,), d, f, widest(sut))
        parts = [
            np.asarray(
                run(sut, (x, *(np.ascontiguousarray(w[:, own]) for w in (w_gate, w_up)), w_down[own])), np.float64
            )
            for own in (slice(0, cut), slice(cut, f))
        ]
        close(run(sut, (x, w_gate, w_up, w_down)), sum(parts), dtype=x.dtype, what=f"your result for D = {d}, F = {f}")


# ---- the whole


@check("right values where D and F differ, in each dtype", weight=3)
def values(sut, rng):
    for dtype in floats(sut):
        for leading, d, f in (((4,), 3, 5), ((2,), 5, 3), ((3,), 2, 8), ((7,), 8, 2), ((5,), 16, 40)):
            try_call(sut, draw(rng, leading, d, f, dtype))


@check("right values where D and F are equal: weights are applied as x @ w", weight=2)
def square(sut, rng):
    for n in (2, 3, 5):
        try_call(sut, draw(rng, (4,), n, n, widest(sut)))
        try_call(sut, draw(rng, (n,), n, n, widest(sut)))
        try_call(sut, draw(rng, (n, n), n, n, widest(sut)))


@check("any number of leading axes: none, one, two, three", weight=2)
def leading_axes(sut, rng):
    for leading in ((), (2,), (2, 3), (3, 2, 4), (2, 2, 2)):
        for d, f in ((3, 4), (4, 2)):
            try_call(sut, draw(rng, leading, d, f, widest(sut)))


@check("every size may be 1")
def size_one(sut, rng):
    for leading, d, f in (
        ((), 1, 1),
        ((1,), 1, 3),
        ((3,), 1, 1),
        ((1, 1), 3, 1),
        ((2, 1), 1, 2),
        ((1,), 2, 2),
        ((3,), 3, 1),
    ):
        try_call(sut, draw(rng, leading, d, f, widest(sut)))


@check("each position goes through by itself")
def positions_apart(sut, rng):
    for leading in ((4,), (2, 3)):
        given = draw_open(rng, leading, 3, 5, widest(sut))
        out = run(sut, given)
        for place in ((0,) * len(leading), tuple(n - 1 for n in leading)):
            row = np.ascontiguousarray(given[0][place])
            what = f"your result for the row {list(place)} of x by itself, compared with that row of the result for all of x,"
            close(run(sut, (row, *given[1:])), np.asarray(out[place], np.float64), dtype=row.dtype, what=what)


@check("elements of x and of the weights may be zero")
def zeros(sut, rng):
    for place in range(4):
        given = draw(rng, (3,), 4, 5, widest(sut))
        given[place][0] = 0
        given[place][:, 1] = 0
        try_call(sut, given, why=f"some elements of {NAMES[place]} are 0")


@check("where all gates are 0, or x @ w_up is 0, the result is 0")
def nothing(sut, rng):
    x, w_gate, w_up, w_down = draw_open(rng, (3,), 4, 5, widest(sut))
    run(sut, (x, w_gate, w_up, w_down))
    for given in ((0 * x, w_gate, w_up, w_down), (x, 0 * w_gate, w_up, w_down), (x, w_gate, 0 * w_up, w_down)):
        close(sut.swiglu(*given), np.zeros((3, 4)), dtype=x.dtype, what="your result where all of one input is 0")


# ---- far from zero


def far_gates(rng, sign):
    """Gates of one sign, from 20 to 10000 in size, with some just beyond where exp overflows; in any order."""
    sizes = [20.0, 60.0, 87.0, 90.0, 105.0, 700.0, 715.0, 750.0, 3000.0, 1e4, *rng.uniform(100, 9000, size=3)]
    return sign * rng.permutation(sizes)


@check("gates up to 10000: silu is the gate itself", weight=2)
def far_above(sut, rng):
    for dtype in floats(sut):
        gates = far_gates(rng, 1)
        ups = rng.choice([-1.0, 1.0], size=gates.size) * rng.uniform(0.5, 2, size=gates.size)
        for one in range(gates.size):
            if one % 4 == 0:
                try_call(sut, alone(gates[one : one + 1], ups[one : one + 1], dtype), why=f"a gate of {gates[one]:g}")
        try_call(sut, alone(gates, ups, dtype), why="gates from 20 to 10000")


@check("gates down to -10000: silu is 0", weight=2)
def far_below(sut, rng):
    for dtype in floats(sut):
        gates = np.array([*far_gates(rng, -1), 2.0])
        ups = rng.choice([-1.0, 1.0], size=gates.size) * rng.uniform(0.5, 2, size=gates.size)
        try_call(sut, alone(gates, ups, dtype), why="gates from -20 to -10000, and one of 2")


@check("NumPy does not warn of an overflow, in float64")
def no_warning(sut, rng):
    try_warnings(sut, rng, floats(sut)[0])


@check("NumPy does not warn of an overflow, in float32")
def no_warning_float32(sut, rng):
    try_warnings(sut, rng, floats(sut)[-1])


def try_warnings(sut, rng, dtype):
    """Watch one call from the candidate's side; where nothing warns, as in PyTorch, it only has to make sense."""
    there = sut.keep(sut["__builtins__"]["__import__"])("given")
    gates = np.array([*far_gates(rng, 1), *far_gates(rng, -1), 1.5])
    arrays = alone(gates, np.ones(gates.size), dtype)
    plain = run(sut, arrays)
    answer = there.with_warnings(sut.swiglu, *arrays)
    close(answer[0], plain, what="your result for the same arguments, called again,")
    overflows = [text for text in answer[1] if "overflow" in text]
    if overflows:
        fail(f"For gates from -10000 to 10000 in {arrays[0].dtype}, NumPy warned: {overflows[0]:.80}")


@check("large gates of either sign in one row, in a layer of ordinary size")
def far_mixed(sut, rng):
    for dtype in floats(sut):
        x, w_gate, w_up, w_down = draw(rng, (2, 3), 4, 6, np.float64)
        x[..., 0] = rng.choice([-1.0, 1.0], size=(2, 3)) * rng.uniform(1, 1.5, size=(2, 3))
        w_gate *= 50  # the first element of x decides, so that every gate is some thousands from zero
        w_gate[0] = rng.choice([-1.0, 1.0], size=6) * rng.uniform(3000, 6000, size=6)
        try_call(sut, tuple(a.astype(dtype) for a in (x, w_gate, w_up, w_down)), why="gates from -9000 to 9000")


# ---- what a call gives back and leaves behind


def samples(rng, dtypes):
    """Inputs of several ranks and sizes."""
    for dtype in dtypes:
        for leading, d, f in (((3,), 2, 4), ((), 3, 3), ((2, 2), 1, 1)):
            yield draw_open(rng, leading, d, f, dtype)


@check("the result has the dtype of the inputs", weight=0.5)
def dtype_kept(sut, rng):
    for given in samples(rng, floats(sut)):
        same_dtype(run(sut, given), given[0], what=f"your result for {shown(given)}")


@check("x and the weights are left as they were", weight=2)
def inputs_unchanged(sut, rng):
    for given in samples(rng, floats(sut)):
        is_sane(unchanged(sut, sut.swiglu, *given), given[0], shown(given))


@check("inputs may be views: transposed arrays give the same as their copies", weight=0.5)
def views(sut, rng):
    for dtype in floats(sut):
        given = draw_open(rng, (3,), 4, 5, dtype)
        out = sut.swiglu(*(transposed(sut, a) for a in given))
        is_sane(out, given[0], shown(given))
        what = f"your result for transposed views ({shown(given)}), compared with that for copies of them,"
        close(out, np.asarray(run(sut, given), np.float64), dtype=dtype, what=what)


@check("the result shares no memory with the inputs")
def no_alias(sut, rng):
    for given in samples(rng, floats(sut)):
        run(sut, given)
        not_aliased(sut, sut.swiglu, *given)


@check("a later call does not change an earlier result")
def earlier_result_kept(sut, rng):
    for given in samples(rng, floats(sut)):
        run(sut, given)
        keeps_earlier_result(sut, sut.swiglu, given, (2 * given[0], *given[1:]))
        keeps_earlier_result(sut, sut.swiglu, given, (*given[:3], 2 * given[3]))


@check("a call depends on nothing but its arguments")
def no_memory(sut, rng):
    given, other = draw_open(rng, (3,), 2, 4, widest(sut)), draw_open(rng, (3,), 2, 4, widest(sut))
    first = run(sut, given)
    differ(run(sut, other), first, "with other inputs of the same shapes")
    run(sut, draw_open(rng, (2, 3), 4, 2, widest(sut)))
    equal(run(sut, given), first, what="your result for the same arguments, called again,")
    for place, new in enumerate(other):
        handles = [sut.put(array) for array in given]
        before = run_there(sut, handles, given)
        for handle, array in zip(handles, given, strict=True):
            sut.write(handle, array)
        sut.write(handles[place], new)
        differ(run_there(sut, handles, given), before, f"before and after `{NAMES[place]}` was given other elements")


def run_there(sut, handles, given):
    out = sut.swiglu(*handles)
    is_sane(out, given[0], shown(given))
    return out


def differ(one, two, what):
    """Fail two results that are equal where the inputs are not."""
    if np.allclose(one, two, rtol=1e-6, atol=0):
        fail(f"Two calls {what} gave the same result.")


@scaling("the layer for N positions", sizes=(500, 2_000, 4_000, 8_000), name="N", growth="linear")
def cost(sut, rng, size):
    x = sut.put(rng.normal(size=(size, 16)))
    weights = [sut.put(rng.normal(size=shape) / 4) for shape in ((16, 32), (16, 32), (32, 16))]
    return lambda: sut.keep.swiglu(x, *weights)
