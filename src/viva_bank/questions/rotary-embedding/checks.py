"""Checks of the rotary embedding. Law: one property a check, so that which ones fail tells the fault: lengths of pairs, how
far and which way the first pair turns, how fast the others do, which positions are used and along which axis. Checks of form
(dtype, inputs, memory) only ask that a result makes sense; an answer that ignores its inputs, or gives them back, fails all.
Expected values are products of complex numbers, one position and one pair at a time.
"""

import cmath

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
    unchanged,
)

requires = ("apply_rotary",)


def right(x, positions, base=10000.0):
    """The right result in float64."""
    x = np.asarray(x, np.float64)
    out = np.zeros(x.shape)
    d = x.shape[-1]
    for t, position in enumerate(np.asarray(positions).tolist()):
        for first in range(0, d, 2):
            turn = cmath.rect(1, position * base ** (-first / d))
            points = (x[:, :, t, first] + 1j * x[:, :, t, first + 1]) * turn
            out[:, :, t, first], out[:, :, t, first + 1] = points.real, points.imag
    return out


def allowed(x, positions):
    """How far an element may be off."""
    return 1e-6 + 2e-7 * float(np.abs(np.asarray(positions, np.float64)).max()) * float(np.abs(x).max())


def near(got, want, far, what):
    """Compare with one limit for every element."""
    close(got, want, rtol=0, atol=far / max(1.0, float(np.abs(want).max())), what=what)


def floats(sut):
    """float64 and float32, or float32 alone where the framework has no wider one."""
    return [dtype for dtype in float_dtypes(sut) if dtype.itemsize >= 4]


def draw(rng, sizes, dtype, size=1.0):
    """Random x of the shape `sizes`, no element near zero: of `size` to three times that."""
    return (size * rng.choice([-1.0, 1.0], size=sizes) * rng.uniform(1, 3, size=sizes)).astype(dtype)


def draw_positions(rng, count, below=40):
    """Different positions from 2 to `below`, in any order but a rising one where there are two or more."""
    while True:
        positions = 2 + rng.permutation(below - 2)[:count]
        if count == 1 or not np.array_equal(positions, np.sort(positions)):
            return positions


def shown(x, positions, base=None):
    """A call in words."""
    listed = np.asarray(positions).tolist()
    where = str(listed) if len(listed) < 8 else f"[{listed[0]}, {listed[1]}, …, {listed[-1]}]"
    return f"x {x.shape}, {x.dtype}, positions {where}" + ("" if base is None else f", base={base:.4g}")


def run(sut, x, positions, base=None):
    """One call; the base is left out where there is none. Fails what cannot be a turn of x by positions that are not all 0."""
    out = sut.apply_rotary(x, positions) if base is None else sut.apply_rotary(x, positions, base=base)
    is_sane(out, x, shown(x, positions, base))
    return out


def is_sane(out, x, what):
    if not isinstance(out, np.ndarray) or out.shape != x.shape:
        found = f"an array of shape {out.shape}" if isinstance(out, np.ndarray) else f"a {type(out).__name__}"
        fail(f"For {what}, an array of shape {x.shape} was expected, and {found} came.")
    if out.dtype.kind != "f":
        fail(f"For {what}, the result has dtype {out.dtype}.")
    seen = np.asarray(out, np.float64)
    if not np.isfinite(seen).all():
        fail(f"For {what}, the result contains NaN or infinity.")
    if np.ptp(seen) == 0:
        fail(f"For {what}, every element of the result is {seen.flat[0]:g}.")
    if np.array_equal(seen, np.asarray(x, np.float64)):
        fail(f"For {what}, the result is x itself: nothing was turned.")


def try_call(sut, x, positions, base=None, why=""):
    """Compare one whole call."""
    want = right(x, positions) if base is None else right(x, positions, base)
    what = f"your result for {shown(x, positions, base)}" + (f" ({why})" if why else "")
    near(run(sut, x, positions, base), want, allowed(x, positions), what)


# ---- the statement's example


@check("the statement's example", visible=True)
def example(sut):
    x = np.array([[[[1.0, 0.0, 1.0, 0.0], [0.0, 2.0, 0.0, 2.0], [1.0, 0.0, 1.0, 0.0]]]]).astype(floats(sut)[0])
    try_call(sut, x, np.array([0, 1, -2]), 100.0)


@check("the dot product of a turned query and a turned key depends only on how far apart they stand", visible=True)
def distance(sut, rng):
    for d in (2, 4, 8):
        both = draw(rng, (1, 1, 2, d), floats(sut)[0])  # a query and a key
        apart, first = int(rng.choice([-1, 1]) * rng.integers(1, 10)), int(rng.integers(10, 20))
        scores = []
        for start in (first, first + 7, first + 30):
            q, k = np.asarray(run(sut, both, np.array([start, start + apart])), np.float64)[0, 0]
            scores.append(float(q @ k))
        limit = 6 * d * (1e-6 + 2e-7 * 3 * 70)
        what = f"the dot products at three distances from the start, D = {d}, positions {apart} apart,"
        near(np.array(scores), np.full(3, scores[0]), limit, what)


# ---- the turn


@check("row by row, a pair (2i, 2i+1) keeps its length, because it is only turned")
def lengths(sut, rng):
    for d in (2, 4, 6, 10):
        x, positions = draw(rng, (2, 3, 5, d), floats(sut)[0]), draw_positions(rng, 5)
        out = np.asarray(run(sut, x, positions), np.float64)
        got, want = (np.hypot(a[..., 0::2], a[..., 1::2]) for a in (out, np.asarray(x, np.float64)))
        what = f"the lengths of the pairs for {shown(x, positions)}, compared with those in x,"
        near(got, want, 3 * allowed(x, positions), what)


@check("at position 0 nothing turns")
def position_zero(sut, rng):
    for d in (2, 6):
        x = draw(rng, (2, 2, 4, d), floats(sut)[0])
        positions = rng.permutation([0, 0, 5, -7])
        out = run(sut, x, positions)
        rows = positions == 0
        what = f"the rows at position 0 for {shown(x, positions)}"
        near(out[:, :, rows], np.asarray(x[:, :, rows], np.float64), 1e-6, what)


@check("pair 0 turns by its position, one radian each step, counter-clockwise", weight=2)
def first_pair(sut, rng):
    for d in (2, 4, 6):
        x, positions = draw(rng, (2, 3, 4, d), floats(sut)[0]), draw_positions(rng, 4)
        want = right(x, positions)[..., :2]
        out = run(sut, x, positions)
        near(out[..., :2], want, allowed(x, positions), f"columns 0 and 1 for {shown(x, positions)}")


@check("pair i turns more slowly than pair 0, by the factor base to the power of -2i/D", weight=2)
def speeds(sut, rng):
    for d, base in ((4, 100.0), (6, None), (8, float(rng.uniform(3, 50)))):
        x = draw(rng, (1, 1, 3, d), floats(sut)[0])
        positions = np.array([1, 2, 3])
        out = np.asarray(run(sut, x, positions, base), np.float64)
        z, turned = (np.asarray(a, np.float64)[..., 0::2] + 1j * np.asarray(a)[..., 1::2] for a in (x, out))
        ratio = turned / z  # each is e to the i times the angle, if pairs are turned at all
        got = np.abs(np.angle(ratio[0, 0, 1] / ratio[0, 0, 0]))  # one step, whichever way
        want = np.array([(10000.0 if base is None else base) ** (-2 * i / d) for i in range(d // 2)])
        base_shown = "base not given" if base is None else f"base={base:.4g}"
        what = f"the angle that each pair turns from position 1 to 2, D = {d}, {base_shown},"
        near(got, want, 2e-5, what)


@check("twice the D puts new pairs between the old ones, which turn as before")
def between(sut, rng):
    for d, base in ((2, None), (4, float(rng.uniform(3, 50))), (6, None)):
        x, positions = draw(rng, (1, 2, 3, 2 * d), floats(sut)[0]), draw_positions(rng, 3)
        old = np.sort(np.concatenate([np.arange(0, 2 * d, 4), np.arange(1, 2 * d, 4)]))  # pairs 0, 2, 4 and so on
        got = run(sut, x, positions, base)[..., old]
        want = np.asarray(run(sut, np.ascontiguousarray(x[..., old]), positions, base), np.float64)
        what = f"every other pair for {shown(x, positions, base)}, compared with your result for these pairs alone,"
        near(got, want, 2 * allowed(x, positions), what)


@check("the whole result, for sizes that differ", weight=3)
def values(sut, rng):
    for dtype in floats(sut):
        for sizes in ((2, 3, 5, 4), (3, 2, 4, 6), (1, 4, 2, 10), (2, 1, 7, 32)):
            try_call(sut, draw(rng, sizes, dtype), draw_positions(rng, sizes[2]))


@check("positions go with the third axis, also where batch, heads, positions and pairs are equally many")
def equal_sizes(sut, rng):
    for n in (2, 3, 4):
        for sizes in ((n, n, n, 2 * n), (1, n, n, 2 * n), (n, 1, n, 2), (1, n, n, 2 * n)):
            try_call(sut, draw(rng, sizes, floats(sut)[0]), draw_positions(rng, n))
    try_call(sut, draw(rng, (4, 4, 4, 4), floats(sut)[0]), draw_positions(rng, 4))


@check("every size may be 1, and D may be 2")
def size_one(sut, rng):
    for sizes in ((1, 1, 1, 2), (1, 1, 1, 4), (3, 1, 1, 2), (1, 3, 1, 4), (1, 1, 3, 2), (2, 3, 1, 6)):
        try_call(sut, draw(rng, sizes, floats(sut)[0]), draw_positions(rng, sizes[2]))


# ---- positions and base


@check("negative positions turn the other way: turning by p and then by -p gives x back", weight=2)
def negative(sut, rng):
    for sizes in ((1, 2, 4, 6), (2, 1, 1, 2)):
        x, positions = draw(rng, sizes, floats(sut)[0]), draw_positions(rng, sizes[2])
        try_call(sut, x, -positions)
        try_call(sut, x, 1000 - 70 * positions)
        there = run(sut, x, positions)
        back = run(sut, there, -positions)
        what = f"x of shape {x.shape}, turned by {positions.tolist()} and back again,"
        near(back, np.asarray(x, np.float64), 4 * allowed(x, positions), what)


@check("the positions that are given are used: other rows of x in the same order turn with them")
def any_order(sut, rng):
    x, positions = draw(rng, (2, 2, 6, 4), floats(sut)[0]), draw_positions(rng, 6)
    order = rng.permutation(6)
    one, two = run(sut, x, positions), run(sut, np.ascontiguousarray(x[:, :, order]), positions[order])
    what = (
        f"your result for rows and positions in another order ({positions[order].tolist()}), compared with the first,"
    )
    near(two, np.asarray(one[:, :, order], np.float64), 2 * allowed(x, positions), what)
    if np.allclose(run(sut, x, positions + 1), one, atol=1e-3):
        fail(f"Your result is the same for {positions.tolist()} and {(positions + 1).tolist()}.")


@check("positions that repeat, have gaps, and are far beyond T", weight=2)
def far_positions(sut, rng):
    for listed in ([7, 7, 7, 3], [5, 300, 5, 0], [99, 98, 97, 96], [1000, 800, 2, 40]):
        positions = np.array(listed) + int(rng.integers(0, 3))
        try_call(sut, draw(rng, (2, 2, 4, 6), floats(sut)[0]), positions)
        try_call(sut, draw(rng, (2, 2, 4, 6), floats(sut)[0]), positions[::-1].copy())


@check("positions of many thousands: angles in at least float32", weight=2)
def large_positions(sut, rng):
    for dtype in floats(sut):
        for below in (4000, 30000, 100000):
            positions = rng.permutation([below, *rng.integers(2, below, size=3).tolist()])
            try_call(sut, draw(rng, (1, 2, 4, 8), dtype), positions)


@check("positions in int32 and int64 give the same", weight=0.5)
def integer_widths(sut, rng):
    x, positions = draw(rng, (2, 2, 4, 6), floats(sut)[0]), draw_positions(rng, 4)
    for dtype in (np.int32, np.int64):
        for factor in (1, 2000):
            try_call(sut, x, (factor * positions).astype(dtype), why=np.dtype(dtype).name)


@check("the base that is given is used, by name and by position", weight=2)
def base_given(sut, rng):
    for d in (4, 6, 10):
        x, positions, base = draw(rng, (2, 2, 3, d), floats(sut)[0]), draw_positions(rng, 3), float(rng.uniform(3, 90))
        try_call(sut, x, positions, base)
        try_call(sut, x, positions, 1e6)
        try_call(sut, x, positions, 2.0)
        out = sut.apply_rotary(x, positions, base)
        near(
            out,
            right(x, positions, base),
            allowed(x, positions),
            f"your result with the base {base:.4g} as third argument",
        )


@check("a base that is not given is 10000")
def base_default(sut, rng):
    for d in (4, 16):
        x, positions = draw(rng, (1, 2, 3, d), floats(sut)[0]), draw_positions(rng, 3)
        given, left_out = run(sut, x, positions, 10000.0), run(sut, x, positions)
        what = f"your result for {shown(x, positions)}, compared with that for base=10000,"
        near(left_out, np.asarray(given, np.float64), 2 * allowed(x, positions), what)
        if np.allclose(run(sut, x, positions, 30.0), given, atol=1e-3):
            fail("Your result is the same for a base of 30 and one of 10000.")


# ---- numbers and dtypes


@check("large and small elements turn like others", weight=0.5)
def any_size(sut, rng):
    for dtype in floats(sut):
        for size in (0.01, 30.0, 3000.0):
            try_call(
                sut, draw(rng, (2, 2, 3, 4), dtype, size), draw_positions(rng, 3), why=f"elements of about {size:g}"
            )


@check("zeros stay zeros, and a pair with one zero is still turned")
def zeros(sut, rng):
    x = draw(rng, (2, 2, 4, 8), floats(sut)[0])
    x[..., [0, 3, 4, 5]] = 0
    x[:, :, int(rng.integers(4))] = 0
    try_call(sut, x, draw_positions(rng, 4), why="with zeros in x")


@check("the result has the dtype of x", weight=0.5)
def dtype_kept(sut, rng):
    for dtype in floats(sut):
        for sizes, base in (((2, 2, 3, 4), None), ((1, 1, 1, 2), 50.0)):
            for integers in (np.int64, np.int32):
                x, positions = draw(rng, sizes, dtype), draw_positions(rng, sizes[2]).astype(integers)
                same_dtype(run(sut, x, positions, base), x, what=f"your result for {shown(x, positions, base)}")


# ---- what a call leaves behind


@check("x and positions are left as they were", weight=2)
def inputs_unchanged(sut, rng):
    for dtype in floats(sut):
        for integers in (np.int64, np.int32):
            x, positions = draw(rng, (2, 2, 3, 4), dtype), draw_positions(rng, 3).astype(integers)
            is_sane(unchanged(sut, sut.apply_rotary, x, positions), x, shown(x, positions))


@check("x may be a view of an array (B, T, H, D) with two axes swapped: it gives the same as its copy", weight=0.5)
def views(sut, rng):
    for dtype in floats(sut):
        x, positions = draw(rng, (2, 3, 4, 6), dtype), draw_positions(rng, 4)
        view = sut.keep(sut.put(np.ascontiguousarray(x.swapaxes(1, 2))).swapaxes)(1, 2)
        out = sut.apply_rotary(view, positions)
        is_sane(out, x, shown(x, positions))
        what = f"your result for a view ({shown(x, positions)}), compared with that for its copy,"
        near(out, np.asarray(run(sut, x, positions), np.float64), 2 * allowed(x, positions), what)


@check("the result shares no memory with the inputs, also where all positions are 0")
def no_alias(sut, rng):
    for dtype in floats(sut):
        for sizes in ((2, 2, 3, 4), (1, 1, 1, 2)):
            x, positions = draw(rng, sizes, dtype), draw_positions(rng, sizes[2])
            run(sut, x, positions)
            not_aliased(sut, sut.apply_rotary, x, positions)
            not_aliased(sut, sut.apply_rotary, x, np.zeros(sizes[2], np.int64))


@check("a later call does not change an earlier result")
def earlier_result_kept(sut, rng):
    for dtype in floats(sut):
        x, positions = draw(rng, (2, 2, 3, 4), dtype), draw_positions(rng, 3)
        run(sut, x, positions)
        keeps_earlier_result(sut, sut.apply_rotary, (x, positions), (draw(rng, (2, 2, 3, 4), dtype), positions))
        keeps_earlier_result(sut, sut.apply_rotary, (x, positions), (x, positions + 1))


@check("a call depends on nothing but its arguments")
def no_memory(sut, rng):
    x, positions = draw(rng, (2, 2, 3, 4), floats(sut)[0]), draw_positions(rng, 3)
    first = run(sut, x, positions)
    differ(run(sut, x, positions, 20.0), first, "with base=20 and with no base")
    differ(run(sut, x, positions + 1), first, "with other positions")
    differ(run(sut, draw(rng, (2, 2, 3, 4), x.dtype), positions), first, "with another x")
    run(sut, draw(rng, (1, 2, 3, 6), x.dtype), positions)
    run(sut, draw(rng, (1, 2, 5, 4), x.dtype), draw_positions(rng, 5))
    equal(run(sut, x, positions), first, what="your result for the same arguments, called again,")
    here, there = sut.put(x), sut.put(positions)
    before = sut.apply_rotary(here, there)
    sut.write(there, positions + 3)
    differ(sut.apply_rotary(here, there), before, "before and after `positions` was given other elements")


def differ(one, two, what):
    """Fail two results that are equal where the inputs are not."""
    close(one.shape, two.shape, what=f"the shape of your result {what}")
    if np.allclose(one, two, atol=1e-4):
        fail(f"Two calls {what} gave the same result.")


@scaling("four heads of T positions turned", sizes=(1_000, 4_000, 8_000, 16_000), name="T", growth="linear")
def cost(sut, rng, size):
    x, positions = sut.put(rng.normal(size=(1, 4, size, 8))), sut.put(np.arange(size))
    return lambda: sut.keep.apply_rotary(x, positions)
