"""Checks of softmax and log-softmax. Law: values are asked of each function by itself, so a fault in one leaves the checks of the
other alone; checks of form (dtype, inputs, memory) only ask that a result makes sense. An answer that ignores its input
fails all of them. Expected values come from `logaddexp`, which subtracts no maximum of a slice.
"""

import numpy as np

from viva_check import (
    check,
    close,
    default_float,
    equal,
    fail,
    few,
    float_dtypes,
    keeps_earlier_result,
    not_aliased,
    same_dtype,
    scaling,
    transposed,
    unchanged,
)

requires = ("softmax", "log_softmax")

BOTH = ("softmax", "log_softmax")
TOP = 1e4  # finite elements lie in [-TOP, TOP]


def right_log(x, axis=-1):
    """The right log-softmax in float64: two elements at a time."""
    x = np.asarray(x, np.float64)
    return x - np.logaddexp.reduce(x, axis=axis, keepdims=True)


def right(name, x, axis=-1):
    log = right_log(x, axis)
    return log if name == "log_softmax" else np.exp(log)


def shown(name, x, axis=None):
    """A call in words."""
    along = "" if axis is None else f", axis={axis}"
    return f"{name} of a {x.shape} array of {x.dtype}{along}"


def run(sut, name, x, axis=None):
    """One call; the axis is left out where there is none."""
    function = getattr(sut, name)
    return function(x) if axis is None else function(x, axis=axis)


def try_call(sut, name, x, axis=None, why="", dtype=None):
    """Compare one call with the right result."""
    what = f"the {shown(name, x, axis)}" + (f" ({why})" if why else "")
    want = right(name, x, -1 if axis is None else axis)
    close(run(sut, name, x, axis), want, dtype=dtype or x.dtype, what=what)


def widest(sut):
    """float64, or float32 where the framework has no wider one."""
    return float_dtypes(sut)[0]


def draw(rng, shape, dtype):
    """Random elements from -3 to 3."""
    return rng.uniform(-3, 3, size=shape).astype(dtype)


def unequal(rng, rank):
    """A shape of this rank, of sizes from 2 to 6, all different."""
    return tuple(int(size) for size in rng.permutation(np.arange(2, 7))[:rank])


def is_sane(out, name, x, what):
    """Fail what cannot be a result for x: another shape, not finite, out of range, or the same number everywhere."""
    if not isinstance(out, np.ndarray) or out.shape != x.shape:
        found = f"an array of shape {out.shape}" if isinstance(out, np.ndarray) else f"a {type(out).__name__}"
        fail(f"For the {what}, an array of shape {x.shape} was expected, and {found} came.")
    seen = np.asarray(out, np.float64)
    if not np.isfinite(seen).all():
        fail(f"The {what} contains NaN or infinity.")
    low, high = (0.0, 1.001) if name == "softmax" else (-np.inf, 0.001)
    if seen.min() < low or seen.max() > high:
        wanted = "weights from 0 to 1" if name == "softmax" else "logarithms of weights, so at most 0"
        fail(f"The {what} has elements from {seen.min():g} to {seen.max():g}; they must be {wanted}.")
    if seen.size > 1 and np.ptp(seen) == 0:
        fail(f"Every element of the {what} is {seen.flat[0]:g}, whatever the input is.")


# ---- the statement's examples


@check("the statement's example of softmax, along the last axis and along the first", visible=True)
def example_softmax(sut):
    x = np.log([[1.0, 2.0, 5.0], [3.0, 2.0, 5.0]]).astype(widest(sut))
    want = np.array([[0.125, 0.25, 0.625], [0.3, 0.2, 0.5]])
    close(sut.softmax(x), want, dtype=x.dtype, what="softmax(x) of the example")
    want = np.array([[0.25, 0.5, 0.5], [0.75, 0.5, 0.5]])
    close(sut.softmax(x, axis=0), want, dtype=x.dtype, what="softmax(x, axis=0) of the example")


@check("the statement's example of log_softmax: large numbers do not overflow", visible=True)
def example_log(sut):
    for x, weights, what in (
        (np.array([1000.0, 1000.0]), [0.5, 0.5], "log_softmax of [1000, 1000]"),
        (np.log([1.0, 3.0]), [0.25, 0.75], "log_softmax of the logarithms of 1 and 3"),
    ):
        close(sut.log_softmax(x.astype(widest(sut))), np.log(weights), dtype=widest(sut), what=what)


# ---- values


@check("softmax along the last axis, for arrays with one to four axes", weight=2)
def softmax_values(sut, rng):
    try_shapes(sut, rng, "softmax")


@check("log_softmax along the last axis, for arrays with one to four axes", weight=2)
def log_values(sut, rng):
    try_shapes(sut, rng, "log_softmax")


def try_shapes(sut, rng, name):
    for dtype in float_dtypes(sut)[:-1]:
        for rank in few(sut, (3, 1, 2, 4), 3):
            try_call(sut, name, draw(rng, unequal(rng, rank), dtype))
        for shape in few(sut, ((3, 3), (2,), (2, 2, 2), (1, 5), (5, 2), (2, 300))):
            try_call(sut, name, draw(rng, shape, dtype))


@check("softmax along any axis, counted from the front or from the back", weight=2)
def softmax_axes(sut, rng):
    try_axes(sut, rng, "softmax")


@check("log_softmax along any axis, counted from the front or from the back", weight=2)
def log_axes(sut, rng):
    try_axes(sut, rng, "log_softmax")


def try_axes(sut, rng, name):
    for shape in few(sut, (unequal(rng, 3), (3, 3), unequal(rng, 2), unequal(rng, 1), unequal(rng, 4), (3, 3, 3)), 2):
        for axis in range(-len(shape), len(shape)):
            try_call(sut, name, draw(rng, shape, widest(sut)), axis)
    x = draw(rng, (4, 3), widest(sut))
    close(
        sut[name](x, 0),
        right(name, x, 0),
        dtype=x.dtype,
        what=f"the {shown(name, x)}, with the axis 0 given by position,",
    )


@check("every size may be 1: a slice of one element has the weight 1 and the logarithm 0")
def size_one(sut, rng):
    for name in BOTH:
        one = draw(rng, (1,), widest(sut))
        is_sane(sut[name](draw(rng, (2,), widest(sut))), name, np.zeros(2), f"{name} of two elements")
        try_call(sut, name, one)
        for shape in few(sut, ((3, 1), (1, 1), (1, 3), (2, 1, 3))):
            for axis in range(len(shape)):
                try_call(sut, name, draw(rng, shape, widest(sut)), axis)


@check("for each slice, the weights sum to one")
def weights_sum(sut, rng):
    for shape, axis in few(sut, (((3, 5), None), ((3, 5), 0), ((5,), None), ((2, 3, 4), 1), ((4, 4), 0)), 2):
        x = draw(rng, shape, widest(sut))
        out = run(sut, "softmax", x, axis)
        is_sane(out, "softmax", x, shown("softmax", x, axis))
        sums = out.astype(np.float64).sum(axis=-1 if axis is None else axis)
        close(
            sums, np.ones(sums.shape), dtype=x.dtype, what=f"the sum of each slice of the {shown('softmax', x, axis)}"
        )


# ---- large numbers


def large(sut, rng):
    """Arrays (4, 6) of the widest float whose elements are near each other, once far up and once far down."""
    for base in (TOP - 3, -TOP, 800.0, -800.0):
        yield (base + rng.uniform(0, 3, size=(4, 6))).astype(widest(sut))


@check("softmax of numbers near 10000 and -10000 neither overflows nor loses what sets them apart", weight=2)
def large_softmax(sut, rng):
    for x in large(sut, rng):
        try_call(sut, "softmax", x, why=f"elements near {x.mean():.0f}")


@check("log_softmax of numbers near 10000 and -10000 neither overflows nor loses what sets them apart", weight=2)
def large_log(sut, rng):
    for x in large(sut, rng):
        try_call(sut, "log_softmax", x, why=f"elements near {x.mean():.0f}")


@check("log_softmax is a finite, right number where the weight itself rounds to 0", weight=2)
def log_far_down(sut, rng):
    for dtype, gaps in (
        ("float64", (900.0, 2000.0, 2 * TOP)),
        ("float32", (200.0, 400.0, 900.0)),
        ("float16", (30.0,)),
    ):
        for gap in gaps if dtype in float_dtypes(sut) else ():
            x = rng.permutation(np.concatenate([[-gap / 2, gap / 2], rng.uniform(-gap / 2, 0, size=3)])).astype(dtype)
            why = f"elements from {-gap / 2:g} to {gap / 2:g}"
            try_call(sut, "log_softmax", x, why=why)
            try_call(sut, "log_softmax", np.stack([x, x[::-1]], axis=1), 0, why=why)


@check("each slice is treated by itself, however far its numbers are from those of other slices", weight=2)
def slices_apart(sut, rng):
    levels = np.array([0.0, TOP - 3, -TOP, 5000.0])
    for name in BOTH:
        x = (rng.permutation(levels)[:, None] + rng.uniform(0, 3, size=(4, 5))).astype(widest(sut))
        try_call(sut, name, x, why="rows far apart")
        try_call(sut, name, np.ascontiguousarray(x.T), 0, why="columns far apart")


@check("at ±10000 every dtype gives finite results, and weights that sum to one", weight=2)
def large_everywhere(sut, rng):
    for dtype in float_dtypes(sut):
        for sign in (1, -1):
            for x in (
                np.concatenate([[TOP, -TOP], rng.uniform(-TOP, TOP, size=4)])[rng.permutation(6)],
                np.array([TOP, TOP, 0.0, -TOP])[rng.permutation(4)],  # two share the largest weight, or the smallest
                TOP - 16 * rng.permutation(5),
            ):
                for name in BOTH:
                    try_sum(sut, name, (sign * x).astype(dtype))


def try_sum(sut, name, x):
    """What is asked of float16 and float32 at such sizes: finite, not negative, the sum, and who is largest."""
    out = run(sut, name, x)
    what = f"{shown(name, x)} with elements from {x.min():.0f} to {x.max():.0f}"
    is_sane(out, name, x, what)
    weights = np.asarray(out, np.float64) if name == "softmax" else np.exp(np.asarray(out, np.float64))
    close(weights.sum(), 1.0, rtol=0, atol=0.02, what=f"the sum of the weights in the {what}")
    if weights[x == x.max()].min() < weights.max() - 0.02:
        fail(f"In the {what}, the largest element does not have the largest weight.")


# ---- minus infinity


def with_holes(sut, rng, dtype):
    """(x, axis): arrays with elements of minus infinity, at least one finite element in each slice; the first is a hole once."""
    for shape, axis in few(sut, (((4, 5), None), ((5, 4), 0), ((6,), None), ((2, 3, 4), 1)), 2):
        x = draw(rng, shape, dtype)
        along = np.moveaxis(x, -1 if axis is None else axis, -1)
        hole = rng.random(along.shape) < 0.4
        hole[..., 0], hole[..., -1] = True, False  # a running maximum that begins at a hole gives NaN
        along[hole] = -np.inf
        yield x, axis
    yield np.array([-np.inf, 2.0, -np.inf], dtype), None  # one element left
    yield np.array([[2.0, -np.inf], [-np.inf, -3.0]], dtype), 0


@check("softmax: an element of minus infinity has the weight 0, and the others are as if it were not there", weight=2)
def holes_softmax(sut, rng):
    for dtype in float_dtypes(sut):
        for x, axis in with_holes(sut, rng, dtype):
            try_call(sut, "softmax", x, axis, why="some elements are minus infinity")


@check("log_softmax: an element of minus infinity stays minus infinity, the others are right", weight=2)
def holes_log(sut, rng):
    for dtype in float_dtypes(sut):
        for x, axis in with_holes(sut, rng, dtype):
            try_call(sut, "log_softmax", x, axis, why="some elements are minus infinity")


@check("minus infinity beside elements near -10000: it is lower than every number")
def holes_low(sut, rng):
    x = (rng.uniform(0, 3, size=(3, 6)) - TOP).astype(widest(sut))
    x[np.arange(3), rng.permutation(6)[:3]] = -np.inf
    for name in BOTH:
        try_call(sut, name, x, why="minus infinity beside elements near -10000")


# ---- dtypes


@check("float16 gives right values")
def half(sut, rng):
    for name in BOTH:
        for rank in few(sut, (2, 1, 3)):
            x = draw(rng, unequal(rng, rank), "float16")
            try_call(sut, name, x)
            try_call(sut, name, x, 0)


@check("float16: in slices of some thousand elements the sum does not stop growing", weight=0.5)
def half_long(sut, rng):
    length = int(rng.integers(4000, 5000))  # one by one, ones sum up to 2048 in float16, and no further
    x = rng.uniform(-0.5, 0.5, size=(length, 2)).astype("float16")
    for name in BOTH:
        for given, axis in ((x, 0), (np.ascontiguousarray(x.T), -1)):
            out = run(sut, name, given, axis)
            what = shown(name, given, axis)
            is_sane(out, name, given, what)
            if name == "log_softmax":
                close(out, right_log(given, axis), dtype="float16", what=f"the {what}")
            else:
                sums = out.astype(np.float64).sum(axis=axis)
                close(sums, np.ones(2), dtype="float16", what=f"the sum of each slice of the {what}")


@check("integers give right values, in every width")
def integers(sut, rng):
    for name in BOTH:
        for dtype in few(sut, ("int32", "int64", "int16")):
            try_call(sut, name, rng.integers(-4, 5, size=(3, 4)).astype(dtype), dtype="float32")
        x = np.stack([rng.permutation([TOP, TOP - 1, TOP - 3]) for _ in range(2)]).astype("int64")
        try_call(sut, name, x, dtype="float32", why="elements near 10000")


@check("small integers do not wrap around when one is subtracted from another")
def small_integers(sut, rng):
    for name in BOTH:
        for dtype, low, high in few(sut, (("uint8", 0, 6), ("int8", -3, 4), ("uint32", 0, 6)), 2):
            x = rng.integers(low, high, size=(3, 5)).astype(dtype)
            x[:, :2] = [low, high]
            try_call(sut, name, x, 1, dtype="float16")
        x = np.array([[-100, 100, 99], [127, -128, 126]], "int8")
        try_call(sut, name, x, dtype="float16", why="elements from -128 to 127")


@check("integers of any width give the framework's default float", weight=0.5)
def integer_dtype(sut, rng):
    for name in BOTH:
        for dtype in few(sut, ("int32", "int8", "int64", "int16", "uint8"), 2):
            x = rng.integers(1, 5, size=(3, 4)).astype(dtype)
            x[0, :2] = [1, 4]
            out = run(sut, name, x)
            is_sane(out, name, x, shown(name, x))
            same_dtype(out, default_float(sut), what=f"the {shown(name, x)}")


@check("the result has the dtype of a floating input", weight=0.5)
def dtype_kept(sut, rng):
    for name in BOTH:
        for dtype in float_dtypes(sut):
            x = draw(rng, (3, 4), dtype)
            for axis in (None, 0):
                out = run(sut, name, x, axis)
                is_sane(out, name, x, shown(name, x, axis))
                same_dtype(out, dtype, what=f"the {shown(name, x, axis)}")


# ---- what a call leaves behind


def samples(sut, rng):
    """Inputs of every dtype, as (name of the function, x)."""
    for name in BOTH:
        for dtype in float_dtypes(sut):
            yield name, draw(rng, (3, 4), dtype)


@check("the input is left as it was", weight=2)
def input_unchanged(sut, rng):
    for name, x in samples(sut, rng):
        for axis in (-1, 0):
            is_sane(unchanged(sut, sut[name], x, axis=axis), name, x, shown(name, x, axis))
    for name in BOTH:
        x = draw(rng, (2, 3), widest(sut))
        x[0, 1] = -np.inf
        out = unchanged(sut, sut[name], x)
        if not isinstance(out, np.ndarray) or out.shape != x.shape:
            fail(f"For the {shown(name, x)}, an array of the same shape was expected.")


@check("the input may be a view: a transposed array gives the same as its copy", weight=0.5)
def views(sut, rng):
    for name in BOTH:
        for dtype in float_dtypes(sut):
            x = draw(rng, (4, 3), dtype)
            out = run(sut, name, transposed(sut, x))
            is_sane(out, name, x, shown(name, x))
            close(
                out,
                run(sut, name, x),
                what=f"the {shown(name, x)} that is a transposed view, compared with that of its copy,",
            )


@check("the result shares no memory with the input")
def no_alias(sut, rng):
    for name, x in samples(sut, rng):
        is_sane(run(sut, name, x), name, x, shown(name, x))
        not_aliased(sut, sut[name], x)
        not_aliased(sut, sut[name], x[:, :1])


@check("a later call does not change an earlier result")
def earlier_result_kept(sut, rng):
    for name, x in samples(sut, rng):
        is_sane(run(sut, name, x), name, x, shown(name, x))
        for other in BOTH:
            keeps_earlier_result(sut, sut[name], (x,), (draw(rng, x.shape, x.dtype),))
            kept = run(sut.keep, name, x)
            before = sut.fetch(kept)
            run(sut, other, draw(rng, x.shape, x.dtype))
            equal(sut.fetch(kept), before, what=f"your first result, after a call of {other} with another array,")


@check("a call depends on nothing but its input")
def no_memory(sut, rng):
    for name in BOTH:
        x, other = (draw(rng, (3, 3), widest(sut)) for _ in range(2))
        first = run(sut, name, x)
        is_sane(first, name, x, shown(name, x))
        differ(run(sut, name, x, 0), first, name, "along different axes of equal arrays")
        close(run(sut, name, x), first, what=f"the {shown(name, x)}, called again,")
        there = sut.put(x)
        before = run(sut, name, there)
        sut.write(there, other)
        differ(run(sut, name, there), before, name, "before and after its input was given other elements")


def differ(one, two, name, what):
    """Fail two results that are equal where the inputs are not."""
    close(one.shape, two.shape, what=f"the shape of your result {what}")
    if np.allclose(one, two, rtol=1e-9, atol=0):
        fail(f"Two calls of {name} {what} gave the same result.")


@scaling("the softmax of N slices", sizes=(1_000, 4_000, 16_000, 48_000), name="N", growth="linear")
def cost(sut, rng, size):
    x = sut.put(rng.normal(size=(size, 16)))
    return lambda: sut.keep.softmax(x)
