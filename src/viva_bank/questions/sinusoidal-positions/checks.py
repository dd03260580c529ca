"""Checks of the sinusoidal table. Law: one property a check, so that which ones fail tells the fault: where the waves start
(row 0), that the columns of a pair belong together, how fast the first pair turns, how fast the others do, what an odd dim does.
Expected values come from one number at a time in the `math` module. Bases other than the default stay with short tables,
where angles in float32 keep within half of the tolerance; long tables have the default base.
"""

import math

import numpy as np

from viva_check import check, close, equal, fail, keeps_earlier_result, scaling

requires = ("sinusoidal_positions",)


def right(length, dim, base=10000.0):
    """The right table, one number at a time."""
    table = np.zeros((length, dim))
    for p in range(length):
        for column in range(dim):
            angle = p / base ** (2 * (column // 2) / dim)
            table[p, column] = math.cos(angle) if column % 2 else math.sin(angle)
    return table


def tolerance(length):
    return {"rtol": 0, "atol": 1e-6 + 1e-7 * length}


def call_shown(length, dim, base=None):
    """A call in words."""
    return f"sinusoidal_positions({length}, {dim}" + (")" if base is None else f", base={base:.4g})")


def run(sut, length, dim, base=None):
    """One call; the base is left out where there is none. Fails what has another shape, or does not depend on the position."""
    out = sut.sinusoidal_positions(length, dim) if base is None else sut.sinusoidal_positions(length, dim, base=base)
    what = call_shown(length, dim, base)
    if not isinstance(out, np.ndarray) or out.shape != (length, dim):
        found = f"an array of shape {out.shape}" if isinstance(out, np.ndarray) else f"a {type(out).__name__}"
        fail(f"{what} gave {found}; expected an array of shape ({length}, {dim}).")
    if out.dtype.kind != "f":
        fail(f"{what} gave {out.dtype}; expected float32 or float64.")
    if length > 1 and np.ptp(np.asarray(out[:, 0], np.float64)) == 0:
        fail(f"In {what}, column 0 is {out[0, 0]:g} at every position.")
    return out


def try_call(sut, length, dim, base=None, what=None):
    """Compare one whole table."""
    want = right(length, dim) if base is None else right(length, dim, base)
    close(
        run(sut, length, dim, base),
        want,
        what=what or f"your table {call_shown(length, dim, base)}",
        **tolerance(length),
    )


def draw_base(rng):
    return float(rng.uniform(3, 200))


def draw_length(rng):
    return int(rng.integers(8, 20))


@check("the statement's example with an even dim", visible=True)
def example_even(sut):
    try_call(sut, 3, 4, 100.0)


@check("the statement's example with an odd dim", visible=True)
def example_odd(sut):
    try_call(sut, 2, 3, 1000.0)


@check("row 0 is position 0: all sines are 0 and all cosines are 1, in turn")
def row_zero(sut, rng):
    for dim in (2, 4, 6, 2 * int(rng.integers(4, 20))):
        for base in (None, draw_base(rng)):
            table = run(sut, draw_length(rng), dim, base)
            close(table[0], np.tile([0.0, 1.0], dim // 2), what=f"row 0 for dim {dim}", **tolerance(1))


@check("the two columns of a pair are sine and cosine of the same angle: their squares sum to one")
def pairs(sut, rng):
    for dim in (2, 4, 6, 2 * int(rng.integers(4, 20))):
        for base in (None, draw_base(rng)):
            length = draw_length(rng)
            table = np.asarray(run(sut, length, dim, base), np.float64)
            sums = table[:, 0::2] ** 2 + table[:, 1::2] ** 2
            what = f"the sum of the squares of columns 2i and 2i + 1, dim {dim},"
            close(sums, np.ones(sums.shape), rtol=0, atol=4 * tolerance(length)["atol"], what=what)


@check("from each position to the next, pair i turns by its own speed, base to the power of -2i/dim")
def turning(sut, rng):
    for dim in (2, 4, 2 * int(rng.integers(3, 8))):
        length = draw_length(rng)
        for base in (None, draw_base(rng)):
            table = np.asarray(run(sut, length, dim, base), np.float64)
            sines, cosines = table[:, 0::2], table[:, 1::2]
            step = np.array([(10000.0 if base is None else base) ** (-2 * i / dim) for i in range(dim // 2)])
            want = sines[:-1] * np.cos(step) + cosines[:-1] * np.sin(step)
            what = f"the sines of {call_shown(length, dim, base)}, compared with the row before turned on by one step,"
            close(sines[1:], want, what=what, rtol=0, atol=4 * tolerance(length)["atol"])


@check("each pair turns more slowly than the pair before it")
def slower(sut, rng):
    for dim in (4, 6, 2 * int(rng.integers(4, 6))):
        for base in (None, draw_base(rng)):
            table = np.asarray(run(sut, 2, dim, base), np.float64)
            shift = np.hypot(*(table[1] - table[0]).reshape(-1, 2).T)  # how far each pair goes in one step
            for i in range(1, dim // 2):
                if not shift[i] < shift[i - 1]:
                    both = f"pair {i} moves by {shift[i]:.4g} in one step, pair {i - 1} by {shift[i - 1]:.4g}"
                    fail(f"In {call_shown(2, dim, base)}, {both}.")


@check("twice the dim puts new pairs between the old ones, which stay as they are")
def between(sut, rng):
    for dim in (4, 2, 6):
        length, base = draw_length(rng), draw_base(rng)
        once, twice = (run(sut, length, n, base) for n in (dim, 2 * dim))
        for column in (0, 1):
            got, want = twice[:, column::4], np.asarray(once[:, column::2], np.float64)
            what = f"every other pair of {call_shown(length, 2 * dim, base)}, compared with {call_shown(length, dim, base)},"
            close(got, want, what=what, rtol=0, atol=2 * tolerance(length)["atol"])


@check("column 0 is the sine of the position itself, whatever dim and base are")
def first_column(sut, rng):
    for dim in (1, 2, 3, int(rng.integers(4, 30))):
        for base in (None, draw_base(rng)):
            length = draw_length(rng)
            table = run(sut, length, dim, base)
            want = np.array([math.sin(p) for p in range(length)])
            close(table[:, 0], want, what=f"column 0 for dim {dim}", **tolerance(length))


@check("even dims: every pair has its own speed, base to the power of -2i/dim", weight=3)
def even_dims(sut, rng):
    for dim in (2, 4, 6, 8, 12, 64):
        try_call(sut, draw_length(rng), dim)
    for length in (1, 2, 3, 5):
        try_call(sut, length, 4)
        try_call(sut, length, 6)
    try_call(sut, 6, 6)


@check("odd dims: the same formula, cut after the last sine", weight=2)
def odd_dims(sut, rng):
    for dim in (1, 3, 5, 7, 11, 33):
        try_call(sut, draw_length(rng), dim)
        try_call(sut, 3, dim)


@check("the base that is given is used, by name and by position", weight=2)
def base_given(sut, rng):
    for dim in (4, 6, 10):
        length, base = draw_length(rng), draw_base(rng)
        try_call(sut, length, dim, base)
        out = sut.sinusoidal_positions(length, dim, base)
        what = f"your table sinusoidal_positions({length}, {dim}, {base:.4g})"
        close(out, right(length, dim, base), what=what, **tolerance(length))
    try_call(sut, 12, 6, 2)


@check("a base that is not given is 10000")
def base_default(sut, rng):
    for dim in (4, 16):
        length = draw_length(rng)
        given, left_out = run(sut, length, dim, 10000.0), run(sut, length, dim)
        close(
            left_out,
            given,
            what=f"your table {call_shown(length, dim)}, compared with base=10000,",
            **tolerance(length),
        )
        if np.allclose(run(sut, length, dim, 30.0), given, atol=1e-3):
            fail(f"{call_shown(length, dim)} is the same for a base of 30 and one of 10000.")


@check("one pair only, and one column only")
def narrow(sut, rng):
    for dim in (1, 2):
        for base in (None, draw_base(rng)):
            try_call(sut, draw_length(rng), dim, base)
            try_call(sut, 2, dim, base)


@check("a length of 0 gives an array of shape (0, dim)")
def no_positions(sut, rng):
    for dim in (1, 2, 5, 8):
        run(sut, 0, dim)
        run(sut, 0, dim, draw_base(rng))
        run(sut, 2, dim)


@check("a length of 1 gives the one row of position 0")
def one_position(sut, rng):
    for dim in (1, 2, 3, 6):
        try_call(sut, 1, dim)
        try_call(sut, 1, dim, draw_base(rng))
    run(sut, 3, 2)


@check("positions of some hundred stay exact: the error does not build up, and whole numbers are not rounded", weight=2)
def long_table(sut, rng):
    length = int(rng.integers(300, 400))
    for dim in (2, 8):
        want = np.asarray(right(length, dim))
        out = run(sut, length, dim)
        close(out, want, what=f"your table {call_shown(length, dim)}", **tolerance(length))


@check("a table of some thousand positions is whole, and its last rows are as exact as its first")
def very_long_table(sut, rng):
    length = int(rng.integers(4200, 5000))
    for dim in (2, 4):
        want = right(length, dim)
        close(run(sut, length, dim), want, what=f"your table {call_shown(length, dim)}", **tolerance(length))


@check("the result is float32 or float64", weight=0.5)
def dtype(sut, rng):
    for length, dim in ((draw_length(rng), 6), (3, 4), (2, 2)):
        out = run(sut, length, dim)
        if out.dtype.name not in ("float32", "float64"):
            fail(f"{call_shown(length, dim)} has dtype {out.dtype}; expected float32 or float64.")


@check("a later call does not change an earlier result")
def earlier_result_kept(sut, rng):
    length = draw_length(rng)
    for later in ((length, 6), (length + 3, 6), (length, 8), (3, 6), (length, 6, draw_base(rng))):
        run(sut, length, 6)
        keeps_earlier_result(sut, sut.sinusoidal_positions, (length, 6), later)


@check("a call depends on nothing but its arguments")
def no_memory(sut, rng):
    length = draw_length(rng)
    first = run(sut, length, 6)
    others = ((length + 4, 6, None), (length - 2, 6, None), (length, 6, draw_base(rng)), (length, 8, None))
    for other in others:
        run(sut, *other)
        equal(run(sut, length, 6), first, what=f"your table {call_shown(length, 6)} after {call_shown(*other)}")
    again = run(sut, length, 6, others[2][2])
    if np.allclose(again, first, atol=1e-6):
        fail(f"{call_shown(length, 6)} is the same as with another base.")
    longer = run(sut, length + 4, 6)
    close(
        longer[:length],
        first,
        what=f"the first rows of a longer table, after {call_shown(length, 6)},",
        **tolerance(length),
    )


@scaling("a table of T positions", sizes=(1_000, 4_000, 16_000, 40_000), name="T", growth="linear")
def cost(sut, rng, size):
    dim = 16 + 2 * int(rng.integers(4))
    return lambda: sut.keep.sinusoidal_positions(size, dim)
