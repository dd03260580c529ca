"""Checks of multi-head attention. Law: what a fault of one kind breaks is tried by itself where it can be arranged (projections
with one position, split and merge with zero scores, heads with scores so far apart that their scale does not matter), and
checks of form (dtype, inputs, memory) only ask that a result makes sense. An answer that ignores its inputs fails all of them.
Expected values are worked out one query of one head at a time, over the keys that it may look at.
"""

import math

import numpy as np

from viva_check import (
    check,
    close,
    equal,
    fail,
    few,
    float_dtypes,
    keeps_earlier_result,
    not_aliased,
    raises,
    same_dtype,
    scaling,
    transposed,
    unchanged,
)

requires = ("multi_head_attention",)

TOP = 1e4  # scores lie in [-TOP, TOP]
NAMES = ("x", "wq", "wk", "wv", "wo")


def right(given, n_heads, mask=None):
    """The right result in float64; `given` is (x, wq, wk, wv, wo)."""
    x, wq, wk, wv, wo = (np.asarray(array, np.float64) for array in given)
    b, t, d_model = x.shape
    d = d_model // n_heads
    allowed = np.broadcast_to(True if mask is None else mask, (b, t, t))
    context = np.zeros((b, t, d_model))
    for text, head in np.ndindex(b, n_heads):
        columns = slice(head * d, (head + 1) * d)
        q, k, v = (x[text] @ w[:, columns] for w in (wq, wk, wv))
        scores = q @ k.T / math.sqrt(d)
        for i in range(t):
            keys = np.flatnonzero(allowed[text, i])
            if keys.size:
                weights = np.exp(scores[i, keys] - scores[i, keys].max())
                context[text, i, columns] = weights @ v[keys] / weights.sum()
    return context @ wo


def floats(sut):
    """float64 and float32, or float32 alone where the framework has no wider one."""
    return [dtype for dtype in float_dtypes(sut) if dtype.itemsize >= 4]


def widest(sut):
    return floats(sut)[0]


def draw(rng, sizes, dtype):
    """Random (x, wq, wk, wv, wo) for sizes (B, T, D); scores are of ordinary size."""
    b, t, d_model = sizes
    x = rng.normal(size=(b, t, d_model))
    weights = [rng.normal(size=(d_model, d_model)) * 1.3 / math.sqrt(d_model) for _ in range(4)]
    return tuple(array.astype(dtype) for array in (x, *weights))


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


def draw_scores(rng, q, k, dtype):
    """Two texts (T = D = 8, two heads of width 4) in which position i has the query q[i] (8,) and the key k[i] (8,), up to an
    order of its own for each text. Positions are unit vectors, so projecting loses no digit, and the root of 4 is exact."""
    x = np.stack([np.eye(8)[rng.permutation(8)] for _ in range(2)])
    wv, wo = rng.uniform(1, 3, size=(8, 8)), rng.normal(size=(8, 8))
    return tuple(array.astype(dtype) for array in (x, 2 * q, k, wv, wo))


def shown(given, n_heads, mask=None):
    """A call in words."""
    b, t, d_model = given[0].shape
    heads = "1 head" if n_heads == 1 else f"{n_heads} heads"
    mask = "" if mask is None else f", mask {mask.shape}"
    return f"B = {b}, T = {t}, D = {d_model}, {heads}{mask}, {given[0].dtype}"


def run(sut, given, n_heads, mask=None):
    """One call; the mask is left out where there is none."""
    call = sut.multi_head_attention
    return call(*given, n_heads) if mask is None else call(*given, n_heads, mask=mask)


def try_call(sut, given, n_heads, mask=None, why=""):
    """Compare one call with the right result."""
    what = f"your result for {shown(given, n_heads, mask)}" + (f" ({why})" if why else "")
    close(run(sut, given, n_heads, mask), right(given, n_heads, mask), dtype=given[0].dtype, what=what)


def is_sane(out, x, what, rows=...):
    """Fail what cannot be a result for x: another shape, or in `rows` not finite or the same number everywhere."""
    if not isinstance(out, np.ndarray) or out.shape != x.shape:
        found = f"an array of shape {out.shape}" if isinstance(out, np.ndarray) else f"a {type(out).__name__}"
        fail(f"For {what}, an array of shape {x.shape} was expected, and {found} came.")
    seen = np.asarray(out[rows], np.float64)
    if not np.isfinite(seen).all():
        fail(f"For {what}, the result contains NaN or infinity.")
    if seen.size > 1 and np.ptp(seen) == 0:
        fail(f"For {what}, every element is {seen.flat[0]:g}, whatever the inputs are.")


# ---- the statement's examples


def statement(dtype):
    """(x, wq, wk, wv, wo) of the example."""
    x = np.zeros((1, 2, 8))
    x[0, 0, 0] = x[0, 1, 4] = 1
    eye, wo = np.eye(8), np.eye(8)
    wo[0, 7] = 10
    return tuple(array.astype(dtype) for array in (x, 2 * math.log(3) * eye, eye, 4 * eye, wo))


@check("the statement's example without a mask", visible=True)
def example(sut):
    given = statement(widest(sut))
    want = np.array([[[3.0, 0, 0, 0, 2, 0, 0, 30], [2, 0, 0, 0, 3, 0, 0, 20]]])
    close(run(sut, given, 2), want, dtype=given[0].dtype, what="the result of the example's first call")


@check("the statement's example with a causal mask", visible=True)
def example_masked(sut):
    given = statement(widest(sut))
    want = np.array([[[4.0, 0, 0, 0, 0, 0, 0, 40], [2, 0, 0, 0, 3, 0, 0, 20]]])
    out = run(sut, given, 2, np.array([[True, False], [True, True]]))
    close(out, want, dtype=given[0].dtype, what="the result of the example's second call")


@check("the statement's example in which one position may look at nothing", visible=True)
def example_empty(sut):
    given = statement(widest(sut))
    out = run(sut, given, 2, np.array([[False, False], [True, True]]))
    is_sane(out, given[0], "the example's third call", np.s_[:, 1])
    close(out[0, 0], np.zeros(8), dtype=given[0].dtype, what="the first row of the result of the example's third call")


# ---- projections, heads, scores


@check("with one position there is nothing to weigh: the result is x @ wv @ wo")
def one_position(sut, rng):
    for b, d_model, n_heads in few(sut, ((2, 6, 2), (3, 4, 1), (1, 3, 3))):
        given = draw(rng, (b, 1, d_model), widest(sut))
        try_call(sut, given, n_heads, why="x @ wv @ wo is expected")


@check("for each position, the weights over the positions looked at sum to one: the softmax is over those")
def weights_sum(sut, rng):
    for sizes, n_heads in few(sut, (((2, 4, 6), 3), ((1, 4, 3), 1), ((2, 3, 4), 2), ((3, 5, 6), 3))):
        try_equal_values(sut, rng, sizes, n_heads)


def try_equal_values(sut, rng, sizes, n_heads, mask=None):
    """All values are the same number, so any weights that sum to one give that number, and others do not."""
    x, wq, wk, wv, wo = draw(rng, sizes, widest(sut))
    x[..., 0] = 1
    wv[...], wv[0] = 0, rng.uniform(2, 5)
    given = (x, wq, wk, wv, wo)
    what = f"your result for {shown(given, n_heads, mask)}, where all values are {wv[0, 0]:.3f},"
    want = np.broadcast_to(wv[0].astype(np.float64) @ wo, x.shape)
    close(run(sut, given, n_heads, mask), want, dtype=x.dtype, what=what)


@check(
    "where wq is zero, each position gets the mean of its own text's values: heads are split and joined again", weight=2
)
def split_and_join(sut, rng):
    for sizes, n_heads in few(
        sut, (((2, 4, 6), 3), ((3, 3, 3), 3), ((1, 3, 4), 2), ((2, 5, 6), 3), ((3, 2, 6), 6), ((4, 4, 8), 4)), 2
    ):
        x, wq, wk, wv, wo = draw(rng, sizes, widest(sut))
        for zero in (wq, wk):
            given = (x, *(np.zeros_like(w) if w is zero else w for w in (wq, wk)), wv, wo)
            try_call(sut, given, n_heads, why="all scores are zero, so all weights are equal")


@check("with one head: scores are q @ k.T divided by the square root of d")
def one_head(sut, rng):
    for sizes in few(sut, ((2, 4, 6), (1, 2, 1), (2, 3, 5), (1, 6, 4), (3, 4, 16))):
        try_call(sut, draw(rng, sizes, widest(sut)), 1)


@check("heads are slices of columns side by side: head 0 has the first D / n_heads", weight=2)
def slices(sut, rng):
    for sizes, n_heads in few(sut, (((2, 3, 4), 2), ((1, 3, 4), 2), ((2, 3, 6), 2), ((1, 3, 6), 3), ((1, 4, 8), 2))):
        given = draw_apart(rng, sizes, n_heads, widest(sut))
        try_call(sut, given, n_heads, why="in each head, each position has one whose score is far above all others")


def draw_apart(rng, sizes, n_heads, dtype):
    """Inputs where the highest score of each row is 45 or more above the next, and no score is beyond 300: the right keys are
    chosen whatever the scores are divided by."""
    while True:
        x, wq, wk, wv, wo = draw(rng, sizes, "float64")
        q, k = ((x @ w).reshape(*sizes[:2], n_heads, -1).swapaxes(1, 2) for w in (wq, wk))
        scores = np.sort(q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1]), axis=-1)
        factor = 45 / (scores[..., -1] - scores[..., -2]).min()
        if np.abs(scores).max() * factor <= 300:
            return tuple(array.astype(dtype) for array in (x, wq * factor, wk, wv, wo))


@check("scores are divided by the square root of a head's width, not of D", weight=2)
def scale(sut, rng):
    for sizes, n_heads in few(
        sut, (((2, 4, 6), 3), ((2, 3, 4), 2), ((2, 3, 6), 2), ((2, 5, 8), 8), ((1, 3, 64), 4)), 2
    ):
        given = draw(rng, sizes, widest(sut))
        why = f"scores are divided by {math.sqrt(sizes[2] // n_heads):.4g}"
        try_call(sut, given, n_heads, why=why)


@check("right values for sizes that differ and sizes that do not, in each dtype", weight=2)
def sizes_differ(sut, rng):
    cases = (
        ((2, 5, 6), 3),
        ((3, 3, 3), 3),
        ((5, 2, 6), 2),
        ((3, 7, 4), 4),
        ((2, 2, 4), 2),
        ((4, 4, 4), 1),
        ((1, 33, 4), 2),
    )
    for dtype in floats(sut):
        for sizes, n_heads in few(sut, cases, 2):
            try_call(sut, draw(rng, sizes, dtype), n_heads)


@check("every size may be 1")
def size_one(sut, rng):
    for sizes, n_heads in few(
        sut, (((1, 1, 1), 1), ((1, 3, 4), 4), ((1, 1, 4), 2), ((1, 3, 1), 1), ((2, 1, 1), 1), ((2, 3, 1), 1)), 2
    ):
        try_call(sut, draw(rng, sizes, widest(sut)), n_heads)
    try_call(sut, draw(rng, (1, 1, 1), widest(sut)), 1, np.ones((1, 1), bool))
    is_sane(run(sut, given := draw(rng, (1, 3, 4), widest(sut)), 4), given[0], shown(given, 4))


@check("n_heads that does not divide D is a ValueError")
def indivisible(sut, rng):
    for d_model, n_heads in few(sut, ((6, 4), (4, 3), (3, 6), (5, 2), (2, 3)), 3):
        for sizes in few(sut, ((2, 3, d_model), (1, 1, d_model), (n_heads, n_heads, d_model))):
            raises(ValueError, sut.multi_head_attention, *draw(rng, sizes, widest(sut)), n_heads)


@check("scores of ±10000 neither overflow nor lose what sets them apart", weight=2)
def large_scores(sut, rng):
    for dtype in floats(sut):
        try_call(sut, draw_scores(rng, *far_apart(rng), dtype), 2, why="scores far apart, from -10000 to 10000")
    top = TOP if widest(sut) == np.float64 else TOP / 100  # at 10000 float32 has steps of 0.001
    q, k = np.zeros((8, 8)), np.zeros((8, 8))
    for first in (0, 4):  # the first two columns of each head
        q[:, first] = rng.permutation([top - 4, 4 - top, *(top * np.array([0, 0.4, -0.07, 0.08, 0.3, -0.2]))])
        q[:, first + 1], k[:, first] = rng.choice([-1.0, 1.0], size=8), 1
        k[:, first + 1] = rng.uniform(0, 3, size=8)
    try_call(sut, draw_scores(rng, q, k, widest(sut)), 2, why=f"scores close together, in some rows near ±{top:g}")


def far_apart(rng):
    """Queries and keys (8, 8) of two heads: in each row one score is at least 2000 above all others."""
    q, k = np.zeros((8, 8)), np.zeros((8, 8))
    for first in (0, 4):
        q[:, first] = TOP * rng.permutation([1, 1, -1, -1, 1, -1, 1, -1])
        k[:, first] = rng.permutation([1, 0.75, 0.5, 0.25, -0.25, -0.5, -0.75, -1])
    return q, k


# ---- with a mask


@check("after masking, the weights that are left sum to one: the mask comes before the softmax")
def masked_weights_sum(sut, rng):
    for sizes, n_heads in few(sut, (((2, 4, 6), 3), ((1, 4, 3), 1), ((2, 5, 4), 2), ((3, 3, 6), 3))):
        t = sizes[1]
        mask = (rng.random((t, t)) < 0.5) | np.eye(t, dtype=bool)
        mask[np.arange(t), (np.arange(t) + 1) % t] = False  # so each row and each column has both
        try_equal_values(sut, rng, sizes, n_heads, mask)


@check("True means may look: with a (T, T) mask, hidden positions have no say, in any head", weight=2)
def masked(sut, rng):
    for dtype in floats(sut):
        for sizes, n_heads in few(
            sut, (((2, 4, 6), 3), ((3, 3, 3), 3), ((1, 5, 3), 1), ((2, 4, 6), 2), ((3, 5, 6), 3), ((4, 4, 4), 4)), 2
        ):
            try_call(sut, draw(rng, sizes, dtype), n_heads, draw_mask(rng, (sizes[1],) * 2))
    given = draw(rng, (2, 4, 6), widest(sut))
    try_call(sut, given, 3, np.tri(4, dtype=bool), why="a causal mask")
    try_call(sut, given, 3, np.ones((4, 4), bool), why="nothing is hidden")


@check("each text has its own mask where the mask is (B, T, T)", weight=2)
def mask_of_texts(sut, rng):
    for (b, t, d_model), n_heads in few(
        sut,
        (
            ((2, 4, 6), 3),
            ((3, 3, 3), 3),
            ((2, 5, 6), 3),
            ((3, 4, 4), 2),
            ((3, 5, 6), 3),
            ((2, 2, 4), 2),
            ((4, 3, 2), 1),
        ),
        2,
    ):
        try_call(sut, draw(rng, (b, t, d_model), widest(sut)), n_heads, draw_mask(rng, (b, t, t)))


@check("a mask of padding, (B, 1, T), hides the same positions from all of a text")
def mask_of_padding(sut, rng):
    for (b, t, d_model), n_heads in few(sut, (((2, 4, 6), 3), ((3, 3, 3), 3), ((3, 4, 6), 3), ((1, 4, 4), 2)), 2):
        lengths = 1 + rng.permutation(max(b, t - 1))[:b] % (t - 1)
        mask = (np.arange(t) < lengths[:, None])[:, None, :]
        try_call(sut, draw(rng, (b, t, d_model), widest(sut)), n_heads, mask, why=f"lengths {lengths.tolist()}")


@check("the mask is broadcast to (B, T, T), whatever its rank", weight=2)
def mask_broadcast(sut, rng):
    for b, t, d_model, n_heads in few(sut, ((2, 4, 6, 3), (3, 3, 6, 3), (2, 3, 4, 2))):
        for shape in ((t,), (1, t), (1, 1, t), (1, t, t), (t, t), (b, 1, t), (b, t, t)):
            try_call(sut, draw(rng, (b, t, d_model), widest(sut)), n_heads, draw_mask(rng, shape))
        for shape in ((1,), (1, 1), (t, 1), (1, t, 1), (b, 1, 1), (b, t, 1)):
            given = draw(rng, (b, t, d_model), widest(sut))
            try_call(sut, given, n_heads, np.ones(shape, bool), why="nothing is hidden")


@check("a hidden position takes no weight, even if its score is by far the highest")
def hidden_high(sut, rng):
    for dtype in floats(sut):
        try_hidden(sut, rng, rng.uniform(0, 3, size=8), TOP, dtype)
        try_hidden(sut, rng, rng.permutation(np.linspace(-TOP + 2000, TOP - 2000, 8)), TOP, dtype)


def try_hidden(sut, rng, seen, hidden, dtype):
    """Some of eight positions are hidden from all, and have the score `hidden`; the others have the scores `seen` (8,). Where low
    scores are seen in float32, it is only one: the logarithm of a sum of exponentials near -10000 has steps of 0.001."""
    count = 7 if np.dtype(dtype) == np.float32 and seen.min() == seen.max() else 3
    where = np.isin(np.arange(8), rng.permutation(8)[:count])
    q, k = np.zeros((8, 8)), np.zeros((8, 8))
    q[:, [0, 4]] = 1
    k[:, [0, 4]] = np.where(where, hidden, seen)[:, None]
    given = draw_scores(rng, q, k, dtype)
    mask = ~where[given[0].argmax(axis=-1)][:, None, :]
    why = f"hidden positions have the score {hidden:.0f}, others {seen.min():.0f} to {seen.max():.0f}"
    try_call(sut, given, 2, mask, why=why)


@check("a hidden position takes no weight, even if the scores of all others are very low")
def seen_low(sut, rng):
    for dtype in floats(sut):
        try_hidden(sut, rng, np.full(8, -TOP), 0, dtype)
        try_hidden(sut, rng, np.full(8, -TOP), 64 - TOP, dtype)


@check(
    "a hidden position takes no weight, even if its score is the highest and that of all others the lowest", weight=0.5
)
def hidden_high_seen_low(sut, rng):
    for dtype in floats(sut):
        try_hidden(sut, rng, np.full(8, -TOP), TOP, dtype)


# ---- positions that may look at nothing


def empty_cases(rng, dtypes):
    """(given, n_heads, mask, rows): `rows` (B, T) says which positions may look at something; each dtype, each kind of mask."""
    row = (np.arange(4) != rng.integers(4))[:, None]
    text = np.array([True, False]).reshape(2, 1, 1)
    some = draw_mask(rng, (2, 4, 4)) & rng.permutation([True, True, True, False, True, True, False, True]).reshape(
        2, 4, 1
    )
    for dtype in dtypes:
        for mask in (row, row & draw_mask(rng, (4, 4)), text, text & draw_mask(rng, (2, 1, 4)), some):
            for n_heads in (1, 3):
                yield draw(rng, (2, 4, 6), dtype), n_heads, mask, np.broadcast_to(mask, (2, 4, 4)).any(axis=-1)


def empty_call(sut, given, n_heads, mask, rows):
    """The rows of the result that belong to positions that may look at nothing; fails where the result is not finite."""
    what = f"{shown(given, n_heads, mask)}, where {rows.size - rows.sum()} of {rows.size} positions may look at nothing"
    out = run(sut, given, n_heads, mask)
    is_sane(out, given[0], what, rows)
    if not np.isfinite(out).all():
        fail(f"For {what}, the result contains NaN or infinity.")
    return out[~rows]


@check("a position that may look at nothing brings no NaN and no infinity into the result")
def empty_rows_finite(sut, rng):
    for case in empty_cases(rng, floats(sut)):
        empty_call(sut, *case)


@check("a position that may look at nothing gets a row of zeros", weight=2)
def empty_rows(sut, rng):
    for given, n_heads, mask, rows in empty_cases(rng, floats(sut)):
        empty = empty_call(sut, given, n_heads, mask, rows)
        what = f"the part of your result of positions that may look at nothing, for {shown(given, n_heads, mask)},"
        close(empty, np.zeros(empty.shape), dtype=given[0].dtype, what=what)
    given = draw(rng, (2, 3, 4), widest(sut))
    is_sane(run(sut, given, 2), given[0], shown(given, 2))
    for shape in ((3, 3), (1,), (2, 1, 3)):
        out = run(sut, given, 2, np.zeros(shape, bool))
        what = f"your result for {shown(given, 2, np.zeros(shape))}, where nobody may look at anything,"
        close(out, np.zeros((2, 3, 4)), dtype=given[0].dtype, what=what)


@check("other positions are not disturbed by one that may look at nothing")
def beside_empty_rows(sut, rng):
    for n_heads in (1, 3):
        given = draw(rng, (2, 4, 6), widest(sut))
        mask, rows = draw_mask(rng, (2, 4, 4)), np.arange(4) != rng.integers(4)
        full = run(sut, given, n_heads, mask)
        is_sane(full, given[0], shown(given, n_heads, mask))
        out = run(sut, given, n_heads, mask & rows[:, None])
        is_sane(out, given[0], shown(given, n_heads, mask), (slice(None), rows))
        what = "your result for the other positions, once one of them may look at nothing,"
        close(out[:, rows], full[:, rows], dtype=given[0].dtype, what=what)


# ---- what a call leaves behind


def samples(rng, dtypes):
    """(given, n_heads, mask) for each dtype, with and without a mask; in the last one a position may look at nothing."""
    for dtype in dtypes:
        for n_heads, mask in ((1, None), (2, None), (2, draw_mask(rng, (2, 3, 3))), (2, np.tri(3, k=-1, dtype=bool))):
            yield draw(rng, (2, 3, 4), dtype), n_heads, mask


def keywords(mask):
    return {} if mask is None else {"mask": mask}


@check("the result has the dtype of the inputs")
def dtype_kept(sut, rng):
    for given, n_heads, mask in samples(rng, floats(sut)):
        out = run(sut, given, n_heads, mask)
        is_sane(out, given[0], shown(given, n_heads, mask), np.s_[:, 1:])
        same_dtype(out, given[0], what=f"your result for {shown(given, n_heads, mask)}")


@check("x, the weights and the mask are left as they were", weight=2)
def inputs_unchanged(sut, rng):
    for given, n_heads, mask in samples(rng, floats(sut)):
        out = unchanged(sut, sut.multi_head_attention, *given, n_heads, **keywords(mask))
        is_sane(out, given[0], shown(given, n_heads, mask), np.s_[:, 1:])


@check("inputs may be views: transposed arrays give the same as their copies", weight=0.5)
def views(sut, rng):
    for given, n_heads, mask in samples(rng, floats(sut)):
        turned = [transposed(sut, array) for array in given]
        out = run(sut, turned, n_heads, mask if mask is None else transposed(sut, mask))
        is_sane(out, given[0], shown(given, n_heads, mask), np.s_[:, 1:])
        what = (
            f"your result for transposed views ({shown(given, n_heads, mask)}), compared with that for copies of them,"
        )
        again = run(sut, given, n_heads, mask)
        close(out[:, 1:], again[:, 1:], dtype=given[0].dtype, what=what)


@check("the result shares no memory with the inputs")
def no_alias(sut, rng):
    for given, n_heads, mask in samples(rng, [widest(sut)]):
        is_sane(run(sut, given, n_heads, mask), given[0], shown(given, n_heads, mask), np.s_[:, 1:])
        not_aliased(sut, sut.multi_head_attention, *given, n_heads, **keywords(mask))


@check("a later call does not change an earlier result")
def earlier_result_kept(sut, rng):
    for given, n_heads, mask in samples(rng, floats(sut)):
        is_sane(run(sut, given, n_heads, mask), given[0], shown(given, n_heads, mask), np.s_[:, 1:])
        extra = (n_heads,) if mask is None else (n_heads, mask)
        later = draw(rng, (2, 3, 4), given[0].dtype)
        keeps_earlier_result(sut, sut.multi_head_attention, (*given, *extra), (*later, *extra))


@check("a call depends on nothing but its arguments")
def no_memory(sut, rng):
    given, other, mask = draw(rng, (2, 3, 4), widest(sut)), draw(rng, (2, 3, 4), widest(sut)), draw_mask(rng, (3, 3))
    first = run(sut, given, 2)
    is_sane(first, given[0], shown(given, 2))
    hidden = run(sut, given, 2, mask)
    equal(run(sut, given, 2), first, what="your result for the same arguments, after a call with a mask,")
    differ(hidden, first, "with a mask and without one")
    differ(run(sut, given, 4), first, "with 4 heads and with 2")
    differ(run(sut, other, 2), first, "with other inputs of the same shapes")
    there = sut.put(list(given))
    handles = [there[place] for place in range(5)]
    equal(run(sut, handles, 2), first, what="your result for the same arguments, the third time,")
    for place, new in enumerate(other):
        before = run(sut, handles, 2)
        sut.write(handles[place], new)
        differ(run(sut, handles, 2), before, f"before and after `{NAMES[place]}` was given other elements")


def differ(one, two, what):
    """Fail two results that are equal where the inputs are not."""
    close(one.shape, two.shape, what=f"the shape of your result {what}")
    if np.allclose(one, two, rtol=1e-6, atol=0):
        fail(f"Two calls {what} gave the same result.")


@scaling("two heads over T positions", sizes=(128, 256, 512, 1024), name="T", growth="quadratic")
def cost(sut, rng, size):
    given = [sut.put(array) for array in draw(rng, (1, size, 16), widest(sut))]
    return lambda: sut.keep.multi_head_attention(*given, 2)
