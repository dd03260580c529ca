"""Checks of scaled dot-product attention. Law: a fault of one kind fails the checks that are about it and, where it can be
arranged, no others; so checks of form (dtype, inputs, aliasing) compare a call with another call, not with the right values.
An answer that ignores its inputs fails all of them.
"""

import math

import numpy as np

from viva_check import check, close, equal, fail, few, float_dtypes, not_aliased, same_dtype, scaling, transposed

requires = ("attention",)

TOP = 1e4  # scores lie in [-TOP, TOP]


def right(q, k, v, mask=None):
    """The right result in float64, one query row at a time over the keys that it may look at."""
    q, k, v = (np.asarray(x, np.float64) for x in (q, k, v))
    scores = np.einsum("...id,...jd->...ij", q, k) / math.sqrt(q.shape[-1])
    allowed = np.broadcast_to(True if mask is None else mask, scores.shape)
    out = np.zeros((*q.shape[:-1], v.shape[-1]))
    for row in np.ndindex(q.shape[:-1]):
        keys = np.flatnonzero(allowed[row])
        if keys.size:
            weights = np.exp(scores[row][keys] - scores[row][keys].max())
            out[row] = weights @ v[row[:-1]][keys] / weights.sum()
    return out


def fit(sut, *given):
    """Arrays as they are, but in the widest float of a framework that has no float64."""
    widest = float_dtypes(sut)[0]
    return tuple(x.astype(widest) if x.dtype.kind == "f" and x.dtype.itemsize > widest.itemsize else x for x in given)


def draw(rng, lead, sizes, dtype="float64"):
    """Random q (*lead, tq, d), k (*lead, tk, d), v (*lead, tk, dv) for sizes (tq, tk, d, dv)."""
    tq, tk, d, dv = sizes
    q = rng.normal(size=(*lead, tq, d)).astype(dtype)
    k = rng.normal(size=(*lead, tk, d)).astype(dtype)
    return q, k, draw_values(rng, (*lead, tk, dv)).astype(dtype)


def draw_values(rng, shape):
    """Random values from 1 to 3 or -3 to -1. Each column keeps its sign and a range of its own: no sum loses digits (so work in
    float16 passes at its tolerance), and no mean of one column is a mean of another."""
    dv = shape[-1]
    return (1 + 2 * (rng.permutation(dv) + rng.uniform(0, 0.9, size=shape)) / dv) * rng.choice([-1.0, 1.0], size=dv)


def unequal(rng, count=4):
    """Sizes from 2 to 7, all different."""
    return [int(size) for size in rng.permutation(np.arange(2, 8))[:count]]


def draw_mask(rng, shape):
    """A random mask: in each row at least one key may be looked at, and where there are two or more keys one may not."""
    mask = rng.random(shape) < 0.5
    rows = mask.reshape(-1, shape[-1])
    for row in rows:
        first, second = rng.permutation(shape[-1])[:2] if shape[-1] > 1 else (0, None)
        if second is not None:
            row[second] = False
        row[first] = True
    return rows.reshape(shape)


def draw_scores(rng, scores, dv, dtype="float64"):
    """q, k, v whose scaled scores are `scores` (tq, tk): each key is a signed unit vector of its own, so no digit is lost."""
    tk = scores.shape[-1]
    d = 16  # the root is exact; tk <= 16
    axes, signs = rng.permutation(d)[:tk], rng.choice([-1.0, 1.0], size=tk)
    q, k = np.zeros((len(scores), d)), np.zeros((tk, d))
    k[np.arange(tk), axes] = signs
    q[:, axes] = scores * signs * math.sqrt(d)
    return q.astype(dtype), k.astype(dtype), draw_values(rng, (tk, dv)).astype(dtype)


def draw_levels(rng, rows, top, down):
    """Scores (rows, 5) far apart, from `top` to `down`, in random order: one key takes all, whatever the dtype loses."""
    levels = np.array([top, 0.95 * top + 0.05 * down, 0.6 * top + 0.4 * down, 0.1 * top + 0.9 * down, down])
    return np.stack([rng.permutation(levels) for _ in range(rows)])


def shown(q, k, v, mask=None):
    """A call in words."""
    mask = "" if mask is None else f", mask {mask.shape}"
    return f"q {q.shape}, k {k.shape}, v {v.shape}{mask}, {q.dtype}"


def run(sut, q, k, v, mask=None):
    """One call; the mask is left out where there is none."""
    return sut.attention(q, k, v) if mask is None else sut.attention(q, k, v, mask=mask)


def try_call(sut, q, k, v, mask=None, why=""):
    """Compare one call with the right result."""
    q, k, v = fit(sut, q, k, v)
    what = f"your result for {shown(q, k, v, mask)}" + (f" ({why})" if why else "")
    close(run(sut, q, k, v, mask), right(q, k, v, mask), dtype=q.dtype, what=what)


def is_sane(out, q, v, what, rows=...):
    """Fail what cannot be a result for these inputs: another shape, or in `rows` not finite or the same number everywhere."""
    shape = (*q.shape[:-1], v.shape[-1])
    if not isinstance(out, np.ndarray) or out.shape != shape:
        found = f"an array of shape {out.shape}" if isinstance(out, np.ndarray) else f"a {type(out).__name__}"
        fail(f"With {what}, an array of shape {shape} was expected, and {found} came.")
    seen = np.asarray(out[rows], np.float64)
    if not np.isfinite(seen).all():
        fail(f"With {what}, the result contains NaN or infinity.")
    if seen.size > 1 and np.ptp(seen) == 0:
        fail(f"With {what}, every element is {seen.flat[0]:g}, whatever the values are.")


# ---- without a mask


@check("the statement's example without a mask", visible=True)
def example(sut):
    given = fit(sut, *statement())
    close(
        sut.attention(*given),
        np.array([[3.0, 2.0]]),
        dtype=given[0].dtype,
        what="the result of the example's first call",
    )


def statement():
    q = np.array([[2.0, 0.0, 0.0, 0.0]])
    k = np.array([[math.log(3), 0.0, 0.0, 0.0], [0.0, 5.0, 0.0, 0.0]])
    return q, k, np.array([[4.0, 0.0], [0.0, 8.0]])


@check("for each query, the weights over the keys sum to one: the softmax is over the keys")
def weights_sum(sut, rng):
    for tq, tk in few(sut, ((3, 5), (5, 3), (4, 4), (1, 6)), 2):
        try_equal_values(sut, rng, (2,), tq, tk)


def try_equal_values(sut, rng, lead, tq, tk, mask=None):
    """All keys have the same value, so any weights that sum to one give that value, and others do not."""
    q, k, v = draw(rng, lead, (tq, tk, 4, 3))
    v[...] = one = rng.normal(size=3) + np.array([5.0, -5.0, 0.0])
    q, k, v = fit(sut, q, k, v)
    what = f"your result for {shown(q, k, v, mask)}, where all keys have the same value,"
    close(run(sut, q, k, v, mask), np.broadcast_to(one, (*lead, tq, 3)), dtype=q.dtype, what=what)


@check("scores are divided by the square root of d, the width of a query")
def scale(sut, rng):
    for d in few(sut, (7, 64, 4), 2):
        q, k, v = draw(rng, (1,), (3, 5, d, 2))
        try_call(sut, q, k, v, why=f"d = {d}, so scores are divided by {math.sqrt(d):.4g}")


@check("right values when Tq, Tk, d and dv all differ, and when they are all equal", weight=2)
def sizes(sut, rng):
    for dtype in float_dtypes(sut)[:-1]:
        for _ in few(sut, range(3), 1):
            lead, *rest = unequal(rng, 5)
            try_call(sut, *draw(rng, (lead,), rest, dtype))
        for size in few(sut, (3, 2), 1):
            try_call(sut, *draw(rng, (size,), (size,) * 4, dtype))
        try_call(sut, *draw(rng, (1,), (67, 131, 5, 2), dtype))


@check("any number of leading axes: none, one, two, three", weight=2)
def leading_axes(sut, rng):
    for lead in few(sut, ((2, 3), (), (2, 1, 3), (2,), (3,), (3, 2), (2, 3, 2)), 3):
        try_call(sut, *draw(rng, lead, unequal(rng)))
        try_call(sut, *draw(rng, lead, unequal(rng)))


@check("every size may be 1")
def size_one(sut, rng):
    for which in list(np.ndindex(2, 2, 2, 2, 2))[:: 7 if sut.framework == "jax" else 1]:
        lead, tq, tk, d, dv = (size if many else 1 for size, many in zip((2, 3, 4, 5, 6), which, strict=True))
        try_call(sut, *draw(rng, (lead,), (tq, tk, d, dv)))
    try_call(sut, *draw(rng, (1, 1), (1, 1, 1, 1)), np.ones((1, 1), bool))
    try_call(sut, *draw(rng, (), (1, 1, 1, 1)))


@check("scores of ±10000 neither overflow nor lose what sets them apart", weight=2)
def large_scores(sut, rng):
    near = rng.uniform(0, 3, size=(6, 5))  # scores of a row are close together, so every key has a say
    base = np.array([TOP - 3, -TOP, 0.0, 4000.0, -700.0, 800.0])[rng.permutation(6), None]
    try_call(sut, *draw_scores(rng, base + near, 3), why="scores close together, in some rows near ±10000")
    far = np.vstack([draw_levels(rng, 3, TOP, -TOP), draw_levels(rng, 1, 0, -TOP), draw_levels(rng, 1, TOP, 0)])
    for dtype in float_dtypes(sut):
        try_call(sut, *draw_scores(rng, far, 3, dtype), why="scores far apart, from -10000 to 10000")


# ---- with a mask


@check("the statement's example with one key hidden", visible=True)
def example_masked(sut):
    given = fit(sut, *statement())
    out = sut.attention(*given, mask=np.array([[True, False]]))
    close(out, np.array([[4.0, 0.0]]), dtype=given[0].dtype, what="the result of the example's second call")


@check("after masking, the weights that are left sum to one: the mask comes before the softmax")
def masked_weights_sum(sut, rng):
    for lead, tq, tk in few(sut, (((2,), 5, 3), ((), 4, 5), ((2, 2), 3, 3)), 2):
        try_equal_values(sut, rng, lead, tq, tk, draw_mask(rng, (*lead, tq, tk)))


@check("True means may look: keys hidden by the mask have no say", weight=2)
def masked(sut, rng):
    for dtype in float_dtypes(sut):
        for lead in ((), (2,), (2, 3)):
            tq, tk, d, dv = unequal(rng)
            try_call(sut, *draw(rng, lead, (tq, tk, d, dv), dtype), draw_mask(rng, (*lead, tq, tk)))
    q, k, v = draw(rng, (2,), (4, 4, 3, 5))
    try_call(sut, q, k, v, np.tri(4, dtype=bool), why="a causal mask")
    try_call(sut, q, k, v, np.ones((4, 4), bool), why="nothing is hidden")
    try_call(sut, *draw(rng, (1,), (67, 131, 5, 2)), draw_mask(rng, (67, 131)))


@check("the mask is broadcast by NumPy's rules, whatever its rank", weight=2)
def mask_broadcast(sut, rng):
    b, h, tq, tk = 2, 3, 4, 5
    keys = ((tk,), (1, tk), (tq, tk), (1, 1, tk), (h, 1, tk), (h, tq, tk), (1, tq, tk))
    more = ((b, 1, 1, tk), (1, h, 1, tk), (b, h, 1, tk), (b, 1, tq, tk), (1, h, tq, tk), (1, 1, tq, tk), (b, h, tq, tk))
    for shape in few(sut, (*more[::2], *keys, *more[1::2]), 8):
        try_call(sut, *draw(rng, (b, h), (tq, tk, 3, 2)), draw_mask(rng, shape))
    for shape in few(sut, ((1,), (tq, 1), (1, 1), (h, 1, 1), (b, h, tq, 1)), 2):
        try_call(sut, *draw(rng, (b, h), (tq, tk, 3, 2)), np.ones(shape, bool), why="nothing is hidden")
    alike = (((3,), (3, 4)), ((3,), (3, 1, 4)), ((3, 3), (3, 4)), ((3, 3), (3, 3, 4)), ((2, 3, 2), (3, 1, 1, 4)))
    for lead, shape in few(sut, (*alike, ((), (4,)), ((), (1, 4))), 3):
        try_call(sut, *draw(rng, lead, (3, 4, 2, 5)), draw_mask(rng, shape))


@check("a hidden key takes no weight, even if its score is by far the highest")
def hidden_high(sut, rng):
    seen = rng.uniform(0, 3, size=(4, 5)) + np.array([0.0, 0.0, 5000.0, -9000.0])[:, None]
    try_hidden(sut, rng, seen, TOP, ("float64",))
    try_hidden(sut, rng, draw_levels(rng, 4, TOP - 1000, -9000), TOP)


def try_hidden(sut, rng, seen, hidden, dtypes=None):
    """Keys that may be looked at have the scores `seen`, all others the score `hidden`."""
    mask = draw_mask(rng, seen.shape)
    for dtype in dtypes or float_dtypes(sut):
        given = draw_scores(rng, np.where(mask, seen, hidden), 3, dtype)
        try_call(sut, *given, mask, why=f"hidden keys have the score {hidden:g}, others from {seen.min():.0f}")


@check("a hidden key takes no weight, even if the scores of all others are very low")
def seen_low(sut, rng):
    try_hidden(sut, rng, -TOP + rng.uniform(0, 3, size=(4, 6)), 2 - TOP, ("float64",))
    try_hidden(sut, rng, np.full((4, 2), -TOP), 16 - TOP)


@check("a hidden key takes no weight, even if its score is the highest and that of all others the lowest", weight=0.5)
def hidden_high_seen_low(sut, rng):
    try_hidden(sut, rng, np.full((4, 2), -TOP), TOP)


# ---- queries that may look at nothing


@check("the statement's example in which the query may look at nothing", visible=True)
def example_empty(sut):
    q, k, v = fit(sut, *statement())
    out = sut.attention(q, k, v, mask=np.array([[False, False]]))
    close(out, np.zeros((1, 2)), what="the result of the example's third call")
    both = sut.attention(np.vstack([q, q]), k, v, mask=np.array([[False, False], [True, True]]))
    if isinstance(both, np.ndarray) and both.shape == (2, 2) and not both[1].any():
        fail("With a second query that may look at both keys, its row of the result is zeros as well.")


def empty_cases(sut, rng):
    """(q, k, v, mask, rows): `rows` (..., tq) says which queries may look at something; each dtype, each kind of mask."""
    some = draw_mask(rng, (4, 5)) & (np.arange(4) != rng.integers(4))[:, None]
    item = draw_mask(rng, (2, 1, 1, 5)) & np.array([True, False]).reshape(2, 1, 1, 1)
    row = (np.arange(4) % 2 == rng.integers(2))[:, None]
    none = [np.zeros(shape, bool) for shape in ((5,), (1, 5), (4, 5), (4, 1), (1,))]
    for dtype in float_dtypes(sut):
        cases = [((2,), some), ((2,), none[0]), ((2, 3), item), ((), row), ((3,), row)]
        for lead, mask in few(sut, cases + [((2,), m) for m in none[1:]], 3):
            q, k, v = draw(rng, lead, (4, 5, 3, 2), dtype)
            yield q, k, v, mask, np.broadcast_to(mask, (*lead, 4, 5)).any(axis=-1)
        q, k, v = draw(rng, (2,), (4, 1, 3, 2), dtype)
        yield q, k, v, row, np.broadcast_to(row[:, 0], (2, 4))


@check("a query that may look at nothing brings no NaN and no infinity into the result")
def empty_rows_finite(sut, rng):
    for q, k, v, mask, rows in empty_cases(sut, rng):
        empty_call(sut, q, k, v, mask, rows)


def empty_call(sut, q, k, v, mask, rows):
    """The rows of the result that belong to queries without any key; fails where the result is not finite or makes no sense."""
    what = f"{shown(q, k, v, mask)}, where {rows.size - rows.sum()} of {rows.size} queries may look at nothing"
    out = sut.attention(q, k, v, mask=mask)
    is_sane(out, q, v, what, rows)
    if not np.isfinite(out).all():
        fail(f"With {what}, the result contains NaN or infinity.")
    return out[~rows]


@check("a query that may look at nothing gets a row of zeros", weight=2)
def empty_rows(sut, rng):
    for q, k, v, mask, rows in empty_cases(sut, rng):
        empty = empty_call(sut, q, k, v, mask, rows)
        close(
            empty, np.zeros(empty.shape), what=f"the part of your result without any key, for {shown(q, k, v, mask)},"
        )


@check("other queries are not disturbed by one that may look at nothing")
def beside_empty_rows(sut, rng):
    for lead in ((), (2,)):
        q, k, v = fit(sut, *draw(rng, lead, (4, 5, 3, 2)))
        mask = draw_mask(rng, (*lead, 4, 5))
        full = sut.attention(q, k, v, mask=mask)
        is_sane(full, q, v, shown(q, k, v, mask))
        rows = np.arange(4) != rng.integers(4)
        out = sut.attention(q, k, v, mask=mask & rows[:, None])
        is_sane(out, q, v, shown(q, k, v, mask), (..., rows, slice(None)))
        what = "your result for the other queries, once one of them may look at nothing,"
        close(out[..., rows, :], full[..., rows, :], what=what)


# ---- dtypes


@check("float16 inputs give right values")
def half(sut, rng):
    for lead in ((), (2,), (2, 2)):
        tq, tk = unequal(rng, 2)
        try_call(sut, *draw(rng, lead, (tq, tk, 8, 2), "float16"))


@check("float16 inputs do not overflow on the way to a result that fits", weight=0.5)
def half_overflow(sut, rng):
    d = 64
    along = rng.choice([-1.0, 1.0], size=d)
    sizes = rng.permutation([34.0, 20.0, 5.0, -12.0, -34.0])  # of the keys: products up to 64 * 36 * 34 = 78336 > 65504
    q = (36.0 * along * np.array([1.0, -1.0, 0.5])[:, None]).astype("float16")
    k = (sizes[:, None] * along).astype("float16")
    v = draw_values(rng, (5, 3)).astype("float16")
    try_call(sut, q, k, v, why="products of queries and keys up to 78336, scores up to 9792")
    q, k, v = draw(rng, (2,), (3, 4, 2, 2), "float16")
    try_call(sut, q * np.float16(0.1), k, (v * np.float16(18000)), why="values up to 54000")


@check("the result has the dtype of the inputs")
def dtype_kept(sut, rng):
    for dtype in float_dtypes(sut):
        q, k, v = draw(rng, (2,), (3, 5, 4, 2), dtype)
        some = draw_mask(rng, (2, 3, 5))
        for mask in (None, some, some & np.array([[True], [False], [True]])):
            out = run(sut, q, k, v, mask)
            is_sane(out, q, v, shown(q, k, v, mask), np.s_[:, [0, 2]])
            same_dtype(out, q, what=f"your result for {shown(q, k, v, mask)}")


# ---- what a call leaves behind


@check("the inputs are left as they were", weight=2)
def inputs_unchanged(sut, rng):
    for dtype in float_dtypes(sut):
        for tq, tk, d, dv in few(sut, ((3, 5, 4, 2), (4, 4, 4, 4)), 1):
            some = draw_mask(rng, (2, tq, tk))
            for mask in (None, some, some & (np.arange(tq) != 1)[:, None]):
                given = [*draw(rng, (2,), (tq, tk, d, dv), dtype), *([] if mask is None else [mask])]
                there = sut.put(given)
                is_sane(run(sut, *there), given[0], given[2], shown(*given), np.s_[:, [0, 2]])
                for name, before, after in zip(("q", "k", "v", "mask"), given, sut.fetch(there), strict=False):
                    equal(after, before, what=f"your function changed `{name}` in place: afterwards it")


@check("inputs may be views: transposed arrays give the same as their copies", weight=0.5)
def views(sut, rng):
    for lead in ((), (2,)):
        tq, tk, d, dv = unequal(rng)
        q, k, v = fit(sut, *draw(rng, lead, (tq, tk, d, dv)))
        for mask in (None, draw_mask(rng, (*lead, tq, tk))):
            given = [q, k, v] if mask is None else [q, k, v, mask]
            out = run(sut, *[transposed(sut, x) if x.ndim > 1 else x for x in given])
            is_sane(out, q, v, shown(*given))
            what = "your result for transposed views, compared with that for copies of them,"
            close(out, run(sut, *given), what=what)


@check("the result shares no memory with the inputs")
def no_alias(sut, rng):
    for dtype in float_dtypes(sut):
        cases = (((3,) * 4, np.eye(3) == 1), ((3, 1, 3, 2), None), ((1, 1, 3, 2), None), ((3,) * 4, None))
        for sizes, mask in few(sut, cases, 2):
            q, k, v = draw(rng, (), sizes, dtype)
            is_sane(run(sut, q, k, v, mask), q, v, shown(q, k, v, mask))
            not_aliased(sut, sut.attention, q, k, v, **({} if mask is None else {"mask": mask}))


@check("a later call does not change an earlier result")
def earlier_result_kept(sut, rng):
    for dtype in float_dtypes(sut):
        for mask in (None, draw_mask(rng, (2, 3, 5))):
            (q, k, v), later = draw(rng, (2,), (3, 5, 4, 2), dtype), draw(rng, (2,), (3, 5, 4, 2), dtype)
            kept = run(sut.keep, q, k, v, mask)
            before = sut.fetch(kept)
            is_sane(before, q, v, shown(q, k, v, mask))
            run(sut, *later, mask)
            what = "your first result, after a second call with other inputs of the same shapes,"
            equal(sut.fetch(kept), before, what=what)


@check("a call depends on nothing but its inputs")
def no_memory(sut, rng):
    q, k, v = fit(sut, *draw(rng, (2,), (3, 5, 4, 2)))
    other = fit(sut, *draw(rng, (2,), (3, 5, 4, 2)))
    mask = draw_mask(rng, (2, 3, 5))
    first = sut.attention(q, k, v)
    is_sane(first, q, v, shown(q, k, v))
    hidden = sut.attention(q, k, v, mask=mask)
    close(sut.attention(q, k, v), first, what="the same call's result after a call with a mask")
    close(sut.attention(q, k, v, mask=None), first, what="the same call's result with mask=None")
    differ(hidden, first, "with a mask and without one")
    differ(sut.attention(*other), first, "with other inputs of the same shapes")
    differ(sut.attention(*other, mask=mask), hidden, "with other inputs of the same shapes")
    there = sut.put([q, k, v])
    close(sut.attention(*there), first, what="the same call's result, the third time,")
    for place, new in enumerate(other):
        before = sut.attention(*there)
        sut.write(there[place], new)
        differ(sut.attention(*there), before, f"after `{'qkv'[place]}` was given other elements")


def differ(one, two, what):
    """Fail two results that are equal where the inputs are not."""
    close(one.shape, two.shape, what=f"the shape of your result {what}")
    if np.allclose(one, two, rtol=1e-9, atol=0):
        fail(f"Two calls {what} gave the same result.")


@scaling("attention over T positions", sizes=(128, 256, 512, 1024), name="T", growth="quadratic")
def cost(sut, rng, size):
    q, k, v = (sut.put(x) for x in rng.normal(size=(3, size, 32)))
    return lambda: sut.keep.attention(q, k, v)
