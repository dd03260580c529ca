"""Checks of RMS normalisation. Law: values are tried one property at a time (what a row is divided by, eps, the weight, axes),
so that which checks fail tells the fault; checks of form (dtype, inputs, memory) only ask that a result makes sense. Where eps is
not the matter, elements are large enough for it not to show. Expected values are computed row by row in Python's own numbers, in
two steps: the root of the sum by `math.hypot`, then the rest.
"""

import math

import numpy as np

from viva_check import check, close, equal, fail, keeps_earlier_result, not_aliased, same_dtype, scaling, unchanged

requires = ("rms_norm",)

FLOATS = ("float64", "float32", "float16")
TINY = 1e-12  # an eps that does not show


def right(x, weight, eps=1e-6):
    """The right result in float64, one row at a time."""
    x, weight = np.asarray(x, np.float64), np.asarray(weight, np.float64)
    out = np.zeros(x.shape)
    for row in np.ndindex(x.shape[:-1]):
        numbers = x[row].tolist()
        divisor = math.hypot(*numbers, math.sqrt(eps * len(numbers))) / math.sqrt(len(numbers))
        out[row] = [number / divisor * factor for number, factor in zip(numbers, weight.tolist(), strict=True)]
    return out


def shown(x, weight, eps=None):
    """A call in words."""
    kinds = f"{x.dtype}" if x.dtype == weight.dtype else f"x {x.dtype}, weight {weight.dtype}"
    return f"x {x.shape}, weight {weight.shape}, {kinds}" + ("" if eps is None else f", eps={eps:.3g}")


def run(sut, x, weight, eps=None):
    """One call; eps is left out where there is none."""
    return sut.rms_norm(x, weight) if eps is None else sut.rms_norm(x, weight, eps=eps)


def try_call(sut, x, weight, eps=None, why=""):
    """Compare one call with the right result."""
    what = f"your result for {shown(x, weight, eps)}" + (f" ({why})" if why else "")
    close(run(sut, x, weight, eps), right(x, weight, 1e-6 if eps is None else eps), dtype=x.dtype, what=what)


def signs(rng, shape):
    return rng.choice([-1.0, 1.0], size=shape)


def draw(rng, shape, dtype="float64", size=30.0):
    """Random elements of sizes from a half to twice `size`, of both signs."""
    return (size * np.exp2(rng.uniform(-1, 1, size=shape)) * signs(rng, shape)).astype(dtype)


def draw_weight(rng, width, dtype="float64"):
    """Random weights from 2 to 4 or -4 to -2, each in a range of its own: none is near another, or near one."""
    return ((2 + 2 * (rng.permutation(width) + rng.uniform(0, 0.5, size=width)) / width) * signs(rng, width)).astype(
        dtype
    )


def unequal(rng, rank):
    """A shape of this rank, of sizes from 2 to 7, all different."""
    return tuple(int(size) for size in rng.permutation(np.arange(2, 8))[:rank])


def is_sane(out, x, what):
    """Fail what cannot be a result for x and a weight of `draw_weight`: another shape, not finite, not the size of a result."""
    if not isinstance(out, np.ndarray) or out.shape != x.shape:
        found = f"an array of shape {out.shape}" if isinstance(out, np.ndarray) else f"a {type(out).__name__}"
        fail(f"For {what}, an array of shape {x.shape} was expected, and {found} came.")
    seen = np.asarray(out, np.float64)
    if not np.isfinite(seen).all():
        fail(f"For {what}, the result contains NaN or infinity.")
    if seen.size > 1 and np.ptp(seen) == 0:
        fail(f"For {what}, every element of the result is {seen.flat[0]:g}, whatever the input is.")
    if np.array_equal(seen, np.asarray(x, np.float64)):
        fail(f"For {what}, the result is x itself.")


# ---- the statement's examples


@check("the statement's example: each row over the root of its mean square, then times the weight", visible=True)
def example(sut):
    x = np.array([[1.0, 7.0], [-30.0, 30.0]])
    both = ((np.array([1.0, 1.0]), [[0.2, 1.4], [-1.0, 1.0]]), (np.array([1.0, 10.0]), [[0.2, 14.0], [-1.0, 10.0]]))
    for weight, want in both:
        close(sut.rms_norm(x, weight), np.array(want), what=f"your result with the weight {weight.tolist()}")


@check("the statement's example with eps=3", visible=True)
def example_eps(sut):
    out = sut.rms_norm(np.array([3.0, 9.0, 3.0]), np.ones(3), eps=3.0)
    close(out, np.array([0.5, 1.5, 0.5]), what="your result for [3, 9, 3], where mean square and eps sum to 36,")


# ---- values


@check("with a weight of ones, the mean of the squares of each result row is one")
def mean_square_one(sut, rng):
    for width in (3, 5, 8):
        x = draw(rng, (4, width))
        out = run(sut, x, np.ones(width), TINY)
        is_sane(out, x, shown(x, np.ones(width), TINY))
        squares = np.mean(np.asarray(out, np.float64) ** 2, axis=-1)
        close(squares, np.ones(4), what=f"the mean square of each result row, D = {width},")


@check("a row written twice gives its result twice: squares are averaged, not summed")
def averaged(sut, rng):
    for width in (3, 5):
        x, weight = draw(rng, (3, width)), draw_weight(rng, width)
        once, twice = run(sut, x, weight, TINY), run(sut, np.tile(x, 2), np.tile(weight, 2), TINY)
        is_sane(once, x, shown(x, weight, TINY))
        close(twice, np.tile(once, 2), what=f"your result for each row written twice, {shown(x, weight, TINY)},")


@check("a row times a positive number gives the same result, as long as eps is far below its squares")
def scale_cancels(sut, rng):
    for width in (3, 5):
        x, weight = draw(rng, (3, width)), draw_weight(rng, width)
        once = run(sut, x, weight, TINY)
        is_sane(once, x, shown(x, weight, TINY))
        factor = float(rng.uniform(3, 9))
        close(
            run(sut, factor * x, weight, TINY),
            once,
            what=f"your result for {factor:.3g} times x, {shown(x, weight, TINY)},",
        )


@check("nothing is subtracted: rows far from zero keep their direction")
def not_centred(sut, rng):
    for width in (3, 4, 6):
        x = 10 * signs(rng, (5, 1)) + rng.uniform(-1, 1, size=(5, width))
        out = run(sut, x, np.ones(width), TINY)
        is_sane(out, x, shown(x, np.ones(width), TINY))
        ratios = np.asarray(out, np.float64) / x
        want = np.broadcast_to(ratios[:, :1], ratios.shape)
        close(ratios, want, what=f"your result over x, which must be one number in each row, D = {width},")
        if (ratios <= 0).any():
            fail("Elements changed their sign although the weight is one.")


@check("right values, with weights, for float64 and float32", weight=2)
def values(sut, rng):
    for dtype in ("float64", "float32"):
        for width in (2, 3, 5, 64):
            try_call(sut, draw(rng, (3, width), dtype), draw_weight(rng, width, dtype))
            try_call(sut, draw(rng, (3, width), dtype, size=1000.0), draw_weight(rng, width, dtype))
        for size in (2, 3):
            try_call(sut, draw(rng, (size, size), dtype), draw_weight(rng, size, dtype))


@check("any number of leading axes: none, one, two, three", weight=2)
def leading_axes(sut, rng):
    for rank in (1, 2, 3, 4):
        for _ in range(2):
            x = draw(rng, unequal(rng, rank))
            try_call(sut, x, draw_weight(rng, x.shape[-1]))
    for shape in ((3, 3, 3), (2, 2, 2, 2), (3, 1, 3)):
        try_call(sut, draw(rng, shape), draw_weight(rng, shape[-1]))


@check("each row is normalised by itself, however much larger another row is")
def rows_apart(sut, rng):
    x = draw(rng, (4, 5)) * rng.permutation([1.0, 10.0, 1e3, 1e5])[:, None]
    try_call(sut, x, draw_weight(rng, 5), why="rows of very different sizes")
    x = np.stack([draw(rng, (3, 4)), draw(rng, (3, 4), size=1e5)])
    try_call(sut, x, draw_weight(rng, 4), why="items of very different sizes")


@check("every size may be 1: with D = 1 only sign and weight are left")
def size_one(sut, rng):
    for shape in ((1,), (1, 1), (3, 1), (1, 3), (2, 1, 3), (1, 1, 2), (2, 3, 1)):
        try_call(sut, draw(rng, shape), draw_weight(rng, shape[-1]))


@check("each column has its own element of the weight")
def weight_by_column(sut, rng):
    for shape in ((4, 3), (3, 3), (2, 3, 3), (3,)):
        x, weight = draw(rng, shape), draw_weight(rng, shape[-1])
        plain, weighted = run(sut, x, np.ones(shape[-1])), run(sut, x, weight)
        is_sane(plain, x, shown(x, weight))
        is_sane(weighted, x, shown(x, weight))
        what = f"your result for {shown(x, weight)}, over your result with a weight of ones,"
        close(weighted / plain, np.broadcast_to(weight, shape), what=what)


@check("elements of the weight may be zero or negative")
def weight_signs(sut, rng):
    for width in (2, 5):
        weight = draw_weight(rng, width)
        weight[rng.integers(width)] = 0.0
        try_call(sut, draw(rng, (3, width)), weight, why="one element of the weight is 0")
        try_call(
            sut, draw(rng, (3, width)), -np.abs(draw_weight(rng, width)), why="all elements of the weight are negative"
        )


# ---- eps and sizes


@check("eps is added to the mean of squares, inside the root")
def eps_inside(sut, rng):
    for eps in (0.5, 30.0, float(rng.uniform(1, 5))):
        for width in (1, 3, 4):
            try_call(sut, draw(rng, (3, width), size=1.0), draw_weight(rng, width), eps)
    x, weight = draw(rng, (2, 3), size=1.0), draw_weight(rng, 3)
    out = sut.rms_norm(x, weight, 2.0)
    close(out, right(x, weight, 2.0), what=f"your result for {shown(x, weight, 2.0)}, given by position,")


@check("where eps is not given, it is 0.000001")
def eps_default(sut, rng):
    for width in (3, 8):
        x, weight = draw(rng, (4, width), size=1e-3), draw_weight(rng, width)
        given, left_out = run(sut, x, weight, 1e-6), run(sut, x, weight)
        is_sane(given, x, shown(x, weight, 1e-6))
        close(left_out, given, what=f"your result for {shown(x, weight)}, compared with that for eps=0.000001,")
        if np.allclose(run(sut, x, weight, 1e-3), given, rtol=1e-3):
            fail("An eps of 0.001 gives the same as one of 0.000001, for x of about 0.001.")


@check("a row of zeros gives zeros, and leaves the other rows alone")
def zero_row(sut, rng):
    for dtype in FLOATS:
        x = draw(rng, (4, 5), dtype)
        x[rng.integers(4)] = 0
        try_call(sut, x, draw_weight(rng, 5, dtype), why="one row is all zeros")
        if dtype != "float16":
            try_call(sut, x, draw_weight(rng, 5, dtype), TINY, why="one row is all zeros")


@check("very small and very large elements of float64 and float32")
def far_sizes(sut, rng):
    for dtype in ("float64", "float32"):
        try_call(sut, draw(rng, (3, 6), dtype, size=4e14), draw_weight(rng, 6, dtype), why="elements up to 8e14")
        try_call(sut, draw(rng, (3, 6), dtype, size=1e-4), draw_weight(rng, 6, dtype), 1e-12, why="elements near 1e-4")
        try_call(sut, draw(rng, (3, 6), dtype, size=1e-6), draw_weight(rng, 6, dtype), 1e-12, why="elements near 1e-6")


# ---- dtypes


@check("float16 gives right values")
def half(sut, rng):
    for shape in ((5,), (3, 8), (2, 3, 4)):
        try_call(sut, draw(rng, shape, "float16"), draw_weight(rng, shape[-1], "float16"))


@check("float16: squares beyond 65504 do not overflow", weight=2)
def half_overflow(sut, rng):
    for size in (300.0, 3000.0, 30000.0):
        for weight in ("float16", "float32"):
            x = draw(rng, (3, 6), "float16", size)
            try_call(sut, x, draw_weight(rng, 6, weight), why=f"elements of about {size:g}")


@check("float16: squares of small elements do not become 0", weight=2)
def half_underflow(sut, rng):
    for size in (2e-4, 1e-3):
        for weight in ("float16", "float32"):
            x = draw(rng, (3, 6), "float16", size)
            try_call(sut, x, draw_weight(rng, 6, weight), 1e-12, why=f"elements of about {size:g}")


@check("float16: an eps that float16 cannot hold still keeps a row of zeros from being divided by 0", weight=0.5)
def half_eps(sut, rng):
    for eps in (1e-8, TINY):
        x = draw(rng, (4, 5), "float16")
        x[rng.integers(4)] = 0
        try_call(sut, x, draw_weight(rng, 5, "float16"), eps, why="one row is all zeros")


@check("x and weight may have different dtypes")
def mixed(sut, rng):
    for dtype in FLOATS:
        for other in FLOATS:
            if dtype != other:
                try_call(sut, draw(rng, (3, 5), dtype), draw_weight(rng, 5, other))


@check("a weight beyond the range of float16 beside x in float16, where the result fits", weight=0.5)
def wide_weight(sut, rng):
    x = np.abs(draw(rng, (3, 6), "float16"))
    column = int(rng.integers(6))
    x[:, column] = x[:, column].astype(np.float64) * 3e-5
    for other in ("float32", "float64"):
        weight = draw_weight(rng, 6, other)
        weight[column] = rng.uniform(1e5, 5e5)
        try_call(sut, x, weight, why=f"one element of the weight is {weight[column]:.3g}")


@check("the result has the dtype of x when weight has the same", weight=0.5)
def dtype_kept(sut, rng):
    for dtype in FLOATS:
        for shape, eps in (((3, 4), None), ((4,), 1e-3)):
            try_dtype(sut, draw(rng, shape, dtype), draw_weight(rng, shape[-1], dtype), eps)


def try_dtype(sut, x, weight, eps=None):
    out = run(sut, x, weight, eps)
    is_sane(out, x, shown(x, weight, eps))
    same_dtype(out, x.dtype, what=f"your result for {shown(x, weight, eps)}")


@check("the result has the dtype of x when weight has another", weight=0.5)
def dtype_of_x(sut, rng):
    for dtype in FLOATS:
        for other in FLOATS:
            if dtype != other:
                try_dtype(sut, draw(rng, (3, 4), dtype), draw_weight(rng, 4, other))


# ---- what a call leaves behind


def samples(rng):
    """(x, weight) for every dtype of x, and with a weight of another."""
    for dtype, other in (
        *((d, d) for d in FLOATS),
        ("float16", "float32"),
        ("float32", "float64"),
        ("float64", "float32"),
    ):
        yield draw(rng, (3, 4), dtype), draw_weight(rng, 4, other)


@check("x and weight are left as they were", weight=2)
def inputs_unchanged(sut, rng):
    for x, weight in samples(rng):
        is_sane(unchanged(sut, sut.rms_norm, x, weight), x, shown(x, weight))
        is_sane(unchanged(sut, sut.rms_norm, x, weight, 0.5), x, shown(x, weight))


@check("inputs may be views: a transposed array gives the same as its copy", weight=0.5)
def views(sut, rng):
    for dtype in FLOATS:
        x, weight = draw(rng, (5, 4), dtype), draw_weight(rng, 4, dtype)
        view = sut.keep(sut.put(np.ascontiguousarray(x.T)).swapaxes)(0, 1)
        out = run(sut, view, weight)
        is_sane(out, x, shown(x, weight))
        close(out, run(sut, x, weight), what=f"your result for a transposed view ({shown(x, weight)})")


@check("the result shares no memory with the inputs")
def no_alias(sut, rng):
    for x, weight in samples(rng):
        is_sane(run(sut, x, weight), x, shown(x, weight))
        not_aliased(sut, sut.rms_norm, x, weight)
        not_aliased(sut, sut.rms_norm, x[0], weight)


@check("a later call does not change an earlier result")
def earlier_result_kept(sut, rng):
    for x, weight in samples(rng):
        is_sane(run(sut, x, weight), x, shown(x, weight))
        keeps_earlier_result(sut, sut.rms_norm, (x, weight), (draw(rng, x.shape, x.dtype), weight))


@check("a call depends on nothing but its arguments")
def no_memory(sut, rng):
    x, weight = draw(rng, (3, 4)), draw_weight(rng, 4)
    first = run(sut, x, weight)
    is_sane(first, x, shown(x, weight))
    differ(run(sut, x, weight, 2.0), first, "with another eps")
    differ(run(sut, x, draw_weight(rng, 4)), first, "with another weight")
    equal(run(sut, x, weight), first, what="your result for the same arguments, called again,")
    here, there = sut.put(x), sut.put(weight)
    before = run(sut, here, there)
    sut.write(here, draw(rng, (3, 4)))
    middle = run(sut, here, there)
    differ(middle, before, "before and after x was given other elements")
    sut.write(there, draw_weight(rng, 4))
    differ(run(sut, here, there), middle, "before and after weight was given other elements")


def differ(one, two, what):
    """Fail two results that are equal where the inputs are not."""
    close(one.shape, two.shape, what=f"the shape of your result {what}")
    if np.allclose(one, two, rtol=1e-9, atol=0):
        fail(f"Two calls {what} gave the same result.")


@scaling("the norm of N rows", sizes=(2_000, 8_000, 32_000, 64_000), name="N", growth="linear")
def cost(sut, rng, size):
    x, weight = sut.put(rng.normal(size=(size, 16))), sut.put(rng.normal(size=16))
    return lambda: sut.keep.rms_norm(x, weight)
