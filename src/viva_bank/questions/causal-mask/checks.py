"""Checks of causal attention weights. Law: each rule (later positions, padding, window) has checks of its own, and what a softmax
needs (sums, large scores, hidden high ones) is tried apart from them; checks of form (dtype, inputs, memory) only ask that a
result makes sense. Expected values are worked out row by row over lists of the positions that may be looked at.
"""

import math

import numpy as np

from viva_check import check, close, equal, fail, keeps_earlier_result, not_aliased, same_dtype, scaling, unchanged

requires = ("causal_weights",)

FLOATS = ("float64", "float32", "float16")
TOP = 1e4  # scores lie in [-TOP, TOP]


def looked_at(i, length, window):
    """The positions that position i may look at."""
    if i >= length:
        return []
    first = 0 if window is None else max(0, i - window + 1)
    return list(range(first, i + 1))


def right(scores, lengths=None, window=None):
    """The right weights in float64, one row at a time."""
    scores = np.asarray(scores, np.float64)
    t = scores.shape[-1]
    out = np.zeros(scores.shape)
    for row in np.ndindex(scores.shape[:-1]):
        chosen = looked_at(row[2], t if lengths is None else int(lengths[row[0]]), window)
        if chosen:
            numbers = [float(scores[row][j]) for j in chosen]
            total = math.fsum(math.exp(number - max(numbers)) for number in numbers)
            out[row][chosen] = [math.exp(number - max(numbers)) / total for number in numbers]
    return out


def arguments(lengths, window):
    """The keyword arguments of a call; what is None is left out."""
    return {name: value for name, value in (("lengths", lengths), ("window", window)) if value is not None}


def shown(scores, lengths=None, window=None):
    """A call in words."""
    extra = "" if lengths is None else f", lengths {np.asarray(lengths).tolist()}"
    extra += "" if window is None else f", window {window}"
    return f"scores {scores.shape} of {scores.dtype}{extra}"


def run(sut, scores, lengths=None, window=None):
    return sut.causal_weights(scores, **arguments(lengths, window))


def try_call(sut, scores, lengths=None, window=None, why=""):
    """Compare one call with the right result."""
    what = f"your result for {shown(scores, lengths, window)}" + (f" ({why})" if why else "")
    close(run(sut, scores, lengths, window), right(scores, lengths, window), dtype=scores.dtype, what=what)


def draw(rng, shape, dtype="float64"):
    """Random scores from -2 to 2; shape is (B, H, T)."""
    return rng.uniform(-2, 2, size=(*shape, shape[-1])).astype(dtype)


def unequal(rng):
    """B, H and T, all different, from 2 to 6; T is at least 3."""
    b, h, t = (int(size) for size in rng.permutation(np.arange(2, 7))[:3])
    return (b, h, t) if t > 2 else (t, h, b)


def draw_lengths(rng, b, t):
    """Lengths (b,) for two texts or more: one is t, one is less, none is 0."""
    lengths = rng.integers(1, t + 1, size=b)
    full, short = rng.permutation(b)[:2]
    lengths[full], lengths[short] = t, rng.integers(1, t)
    return lengths


def is_sane(out, scores, what):
    """Fail what cannot be weights for these scores: another shape, not finite, outside 0 to 1, or the same in many places."""
    if not isinstance(out, np.ndarray) or out.shape != scores.shape:
        found = f"an array of shape {out.shape}" if isinstance(out, np.ndarray) else f"a {type(out).__name__}"
        fail(f"For {what}, an array of shape {scores.shape} was expected, and {found} came.")
    seen = np.asarray(out, np.float64)
    if not np.isfinite(seen).all():
        fail(f"For {what}, the result contains NaN or infinity.")
    if seen.min() < 0 or seen.max() > 1.001:
        fail(f"For {what}, the result has elements from {seen.min():g} to {seen.max():g}; weights lie from 0 to 1.")
    if np.unique(seen).size <= min(2, scores.shape[-1] - 1):
        fail(f"For {what}, the result has only these elements: {', '.join(f'{x:g}' for x in np.unique(seen))}.")


# ---- the statement's examples


def statement():
    return np.log([[[[1.0, 9.0, 9.0], [1.0, 3.0, 9.0], [2.0, 2.0, 4.0]]]])


@check("the statement's example: no position looks at a later one", visible=True)
def example(sut):
    want = np.array([[[[1.0, 0.0, 0.0], [0.25, 0.75, 0.0], [0.25, 0.25, 0.5]]]])
    close(sut.causal_weights(statement()), want, what="the result of the example's first call")


@check("the statement's example with a text of length 2", visible=True)
def example_lengths(sut):
    want = np.array([[[[1.0, 0.0, 0.0], [0.25, 0.75, 0.0], [0.0, 0.0, 0.0]]]])
    out = sut.causal_weights(statement(), lengths=np.array([2]))
    close(out, want, what="the result of the example's second call")


@check("the statement's example with a window of 2", visible=True)
def example_window(sut):
    want = np.array([[[[1.0, 0.0, 0.0], [0.25, 0.75, 0.0], [0.0, 1 / 3, 2 / 3]]]])
    close(sut.causal_weights(statement(), window=2), want, what="the result of the example's third call")


# ---- later positions


@check("without lengths and window, the weights of each row sum to one")
def rows_sum(sut, rng):
    for shape in (unequal(rng), (3, 3, 3), (1, 2, 5)):
        scores = draw(rng, shape)
        out = run(sut, scores)
        is_sane(out, scores, shown(scores))
        close(out.sum(axis=-1), np.ones(shape), what=f"the sum of each row of your result for {shown(scores)}")


@check("each position looks at itself and at every position before it")
def all_before(sut, rng):
    for shape in (unequal(rng), (3, 3, 3)):
        try_positive(sut, draw(rng, shape), None)


def try_positive(sut, scores, window):
    """The weights of all that may be looked at are above zero: scores lie within 4 of each other, and T is small."""
    out = run(sut, scores, None, window)
    is_sane(out, scores, shown(scores, None, window))
    for i in range(scores.shape[-1]):
        for j in looked_at(i, scores.shape[-1], window):
            least = float(out[:, :, i, j].min())
            if not least > 1e-4:
                fail(f"For {shown(scores, None, window)}, position {i} may look at {j}, but its weight is {least:g}.")


@check("right values without lengths and window, for sizes that differ and sizes that do not", weight=2)
def causal(sut, rng):
    for dtype in ("float64", "float32"):
        for _ in range(2):
            try_call(sut, draw(rng, unequal(rng), dtype))
        for shape in ((2, 2, 2), (3, 3, 3), (1, 1, 5), (1, 3, 40)):
            try_call(sut, draw(rng, shape, dtype))


@check("every size may be 1")
def size_one(sut, rng):
    for shape in ((1, 1, 1), (2, 1, 1), (1, 2, 1), (1, 1, 2), (1, 2, 3), (2, 1, 3)):
        try_call(sut, draw(rng, shape))
    run(sut, draw(rng, (1, 1, 1)))
    is_sane(run(sut, scores := draw(rng, (1, 1, 3))), scores, shown(scores))


@check("a later position takes no weight, even if its score is by far the highest")
def later_high(sut, rng):
    for dtype in FLOATS:
        for high in (20.0, 3000.0):
            scores = draw(rng, (2, 2, 5), dtype)
            scores[..., np.triu(np.ones((5, 5), bool), 1)] = high
            try_call(sut, scores, why=f"scores of later positions are {high:g}")


@check("a later position takes no weight, even if its score is 10000 or more above all others")
def later_highest(sut, rng):
    later = np.triu(np.ones((5, 5), bool), 1)
    for dtype in FLOATS:
        for low in (0.0, -TOP):
            scores = draw(rng, (2, 2, 5), dtype) if low == 0 else np.full((2, 2, 5, 5), low, dtype)
            scores[..., later] = TOP
            try_call(sut, scores, why=f"scores of later positions are 10000, others near {low:.0f}")


@check("a score of exactly 0 is a score like any other")
def zero_scores(sut, rng):
    scores = np.zeros((2, 2, 4, 4))
    try_call(sut, scores, why="all scores are 0")
    scores = draw(rng, (2, 3, 5))
    scores[rng.random(scores.shape) < 0.4] = 0.0
    try_call(sut, scores, why="some scores are 0")
    try_call(sut, -np.abs(scores), why="some scores are 0, the others negative")


@check("a later position takes no weight, even if all other scores are near -10000")
def seen_low(sut, rng):
    scores = draw(rng, (2, 2, 5)) - TOP + 2
    scores[..., np.triu(np.ones((5, 5), bool), 1)] = 0.0
    try_call(sut, scores, why="scores near -10000, those of later positions 0")
    for dtype in FLOATS:
        try_call(sut, np.full((1, 1, 4, 4), -TOP, dtype), why="all scores are -10000")


# ---- padding


@check("with lengths, right values in rows and columns of each text", weight=2)
def lengths_values(sut, rng):
    for dtype in ("float64", "float32"):
        for _ in range(3):
            b, h, t = unequal(rng)
            try_call(sut, draw(rng, (b, h, t), dtype), draw_lengths(rng, b, t))
        try_call(sut, draw(rng, (5, 2, 4), dtype), np.array([4, 1, 3, 2, 4]))


@check("positions within the length are not disturbed by lengths")
def within_length(sut, rng):
    for _ in range(3):
        b, h, t = unequal(rng)
        scores, lengths = draw(rng, (b, h, t)), draw_lengths(rng, b, t)
        out = run(sut, scores, lengths)
        is_sane(run(sut, scores), scores, shown(scores))
        close(out.shape, scores.shape, what=f"the shape of your result for {shown(scores, lengths)}")
        want = right(scores, lengths)
        for text, length in enumerate(lengths.tolist()):
            what = f"rows 0 to {length - 1} of text {text} in your result for {shown(scores, lengths)}"
            close(out[text, :, :length], want[text, :, :length], what=what)


@check("rows at or behind the length are all zeros: a position of padding looks at nothing", weight=2)
def padding_rows(sut, rng):
    for dtype in FLOATS:
        for _ in range(2):
            b, h, t = unequal(rng)
            scores, lengths = draw(rng, (b, h, t), dtype), draw_lengths(rng, b, t)
            out = run(sut, scores, lengths)
            is_sane(out, scores, shown(scores, lengths))
            for text, length in enumerate(lengths.tolist()):
                rows = out[text, :, length:]
                what = f"rows {length} to {t - 1} of text {text} in your result for {shown(scores, lengths)}"
                close(rows, np.zeros(rows.shape), what=what)


@check("no position looks at padding: columns at or behind the length are all zeros")
def padding_columns(sut, rng):
    for _ in range(3):
        b, h, t = unequal(rng)
        scores, lengths = draw(rng, (b, h, t)), draw_lengths(rng, b, t)
        out = run(sut, scores, lengths)
        is_sane(out, scores, shown(scores, lengths))
        for text, length in enumerate(lengths.tolist()):
            columns = out[text, :, :, length:]
            what = f"columns {length} to {t - 1} of text {text} in your result for {shown(scores, lengths)}"
            close(columns, np.zeros(columns.shape), what=what)


@check("a text of length 0 is all zeros, and the others are right")
def length_zero(sut, rng):
    for dtype in FLOATS:
        b, h, t = unequal(rng)
        lengths = draw_lengths(rng, b, t)
        lengths[rng.integers(b)] = 0
        scores = draw(rng, (b, h, t), dtype)
        out = run(sut, scores, lengths)
        is_sane(run(sut, scores), scores, shown(scores))
        close(out, right(scores, lengths), dtype=dtype, what=f"your result for {shown(scores, lengths)}")
    try_call(sut, draw(rng, (1, 2, 3)), np.array([0]), why="the only text has length 0")


@check("lengths of T hide nothing")
def full_lengths(sut, rng):
    for b, h, t in (unequal(rng), (3, 3, 3)):
        scores = draw(rng, (b, h, t))
        plain = run(sut, scores)
        is_sane(plain, scores, shown(scores))
        out = run(sut, scores, np.full(b, t))
        close(out, plain, what=f"your result for {shown(scores, np.full(b, t))}, compared with that without lengths,")


@check("each text has its own length, also where B, H and T are equal")
def own_length(sut, rng):
    for size in (2, 3, 4):
        lengths = rng.permutation(np.arange(1, size + 1))
        try_call(sut, draw(rng, (size,) * 3), lengths)
    for shape in ((3, 2, 3), (3, 3, 2), (2, 3, 3), (2, 2, 5), (3, 1, 4)):
        try_call(sut, draw(rng, shape), draw_lengths(rng, shape[0], shape[2]))


@check("lengths may be int32 or int64", weight=0.5)
def lengths_kinds(sut, rng):
    b, h, t = unequal(rng)
    scores, lengths = draw(rng, (b, h, t)), draw_lengths(rng, b, t)
    first = run(sut, scores, lengths.astype("int64"))
    is_sane(first, scores, shown(scores, lengths))
    equal(
        run(sut, scores, lengths.astype("int32")), first, what="your result with lengths in int32, compared with int64,"
    )


# ---- window


@check("with a window, position i looks at j > i - window: itself and the window - 1 before it", weight=2)
def window_values(sut, rng):
    for dtype in ("float64", "float32"):
        for window in (1, 2, 3, 4):
            try_call(sut, draw(rng, (2, 3, 6), dtype), None, window)
        try_call(sut, draw(rng, (3, 3, 3), dtype), None, 2)


@check("with a window, each position looks at all positions in it")
def window_inside(sut, rng):
    for window in (2, 3):
        for shape in ((2, 3, 5), (3, 3, 3)):
            try_positive(sut, draw(rng, shape), window)


@check("a window of 1 leaves each position only itself")
def window_one(sut, rng):
    for b, h, t in (unequal(rng), (2, 2, 2), (1, 1, 3)):
        scores = draw(rng, (b, h, t))
        is_sane(run(sut, scores), scores, shown(scores))
        out = run(sut, scores, None, 1)
        close(out, np.broadcast_to(np.eye(t), scores.shape), what=f"your result for {shown(scores, None, 1)}")


@check("a window of T or more changes nothing")
def window_wide(sut, rng):
    for b, h, t in (unequal(rng), (1, 1, 3)):
        scores = draw(rng, (b, h, t))
        plain = run(sut, scores)
        is_sane(plain, scores, shown(scores))
        for window in (t, t + 1, 3 * t):
            out = run(sut, scores, None, window)
            close(
                out, plain, what=f"your result for {shown(scores, None, window)}, compared with that without a window,"
            )


@check("before the window, a position takes no weight, whatever its score and those of others are")
def window_high(sut, rng):
    for window in (1, 2, 3):
        before = np.tri(6, 6, -window) == 1
        for dtype in FLOATS:
            scores = draw(rng, (2, 2, 6), dtype)
            scores[..., before] = TOP
            try_call(sut, scores, None, window, why="scores before the window are 10000")
        scores = draw(rng, (2, 2, 6)) - TOP + 2
        scores[..., before] = 0.0
        try_call(sut, scores, None, window, why="scores near -10000, those before the window 0")


@check("lengths and window together", weight=2)
def both(sut, rng):
    for dtype in ("float64", "float32"):
        for window in (1, 2, 3, 9):
            b, h, t = unequal(rng)
            lengths = draw_lengths(rng, b, t)
            if window == 3:
                lengths[rng.integers(b)] = 0
            try_call(sut, draw(rng, (b, h, t), dtype), lengths, window)
    scores, lengths = draw(rng, (2, 1, 5)), np.array([3, 5])
    out = sut.causal_weights(scores, lengths, 2)
    close(out, right(scores, lengths, 2), what=f"your result for {shown(scores, lengths, 2)}, given by position,")


# ---- large scores


@check("scores near 10000 neither overflow nor lose what sets them apart", weight=2)
def large(sut, rng):
    for base in (TOP - 2, 800.0):
        try_call(sut, base + draw(rng, (2, 2, 5)), why=f"scores near {base:.0f}")
    for dtype in FLOATS:
        try_call(sut, far_apart(rng, dtype), why="scores far apart, from -6000 to 10000")


def far_apart(rng, dtype):
    """Scores (2, 2, 5, 5), in each row five that are 2000 or more apart: one takes all, whatever the dtype loses."""
    levels = np.array([TOP, 8000.0, 2000.0, -3000.0, -6000.0])
    return np.stack([rng.permutation(levels) for _ in range(20)]).reshape(2, 2, 5, 5).astype(dtype)


@check("each row is treated by itself, however far its scores are from those of other rows")
def rows_apart(sut, rng):
    levels = np.stack([rng.permutation([0.0, TOP - 2, -6000.0, 5000.0]) for _ in range(4)]).reshape(2, 2, 4, 1)
    try_call(sut, draw(rng, (2, 2, 4)) + levels, why="rows far apart")
    texts = np.array([TOP - 2, -6000.0]).reshape(2, 1, 1, 1)
    try_call(sut, draw(rng, (2, 2, 4)) + texts, why="texts far apart")


@check("scores from -10000 to 10000 with lengths and window", weight=0.5)
def large_both(sut, rng):
    for base in (TOP - 2, 2 - TOP):
        try_call(sut, base + draw(rng, (2, 2, 5)), np.array([2, 5]), 2, why=f"scores near {base:.0f}")
    for dtype in FLOATS:
        try_call(sut, far_apart(rng, dtype), np.array([5, 3]), 3, why="scores far apart, from -6000 to 10000")


# ---- dtypes


@check("float16 gives right values")
def half(sut, rng):
    for shape in (unequal(rng), (3, 3, 3), (1, 1, 12)):
        try_call(sut, draw(rng, shape, "float16"))


@check("float16 gives right values with lengths and window", weight=0.5)
def half_both(sut, rng):
    for window in (1, 2, None):
        b, h, t = unequal(rng)
        try_call(sut, draw(rng, (b, h, t), "float16"), draw_lengths(rng, b, t), window)


@check("the result has the dtype of the scores", weight=0.5)
def dtype_kept(sut, rng):
    for scores, lengths, window in samples(rng):
        out = run(sut, scores, lengths, window)
        is_sane(out, scores, shown(scores, lengths, window))
        same_dtype(out, scores.dtype, what=f"your result for {shown(scores, lengths, window)}")


# ---- what a call leaves behind


def samples(rng):
    """(scores, lengths, window) for every dtype, with and without the last two."""
    for dtype in FLOATS:
        for lengths in (None, np.array([4, 3])):
            for window in (None, 3):
                yield draw(rng, (2, 3, 4), dtype), lengths, window


@check("scores and lengths are left as they were", weight=2)
def inputs_unchanged(sut, rng):
    for scores, lengths, window in samples(rng):
        out = unchanged(sut, sut.causal_weights, scores, **arguments(lengths, window))
        is_sane(out, scores, shown(scores, lengths, window))


@check("scores may be a view: a transposed array gives the same as its copy", weight=0.5)
def views(sut, rng):
    for scores, lengths, window in samples(rng):
        view = sut.keep(sut.put(np.ascontiguousarray(scores.swapaxes(-1, -2))).swapaxes)(-1, -2)
        out = run(sut, view, lengths, window)
        is_sane(out, scores, shown(scores, lengths, window))
        close(
            out,
            run(sut, scores, lengths, window),
            what=f"your result for a transposed view ({shown(scores, lengths, window)})",
        )


@check("the result shares no memory with the inputs")
def no_alias(sut, rng):
    for scores, lengths, window in samples(rng):
        is_sane(run(sut, scores, lengths, window), scores, shown(scores, lengths, window))
        not_aliased(sut, sut.causal_weights, scores, **arguments(lengths, window))


@check("a later call does not change an earlier result")
def earlier_result_kept(sut, rng):
    for scores, lengths, window in samples(rng):
        is_sane(run(sut, scores, lengths, window), scores, shown(scores, lengths, window))
        given = () if lengths is None else (lengths,) if window is None else (lengths, window)
        keeps_earlier_result(sut, sut.causal_weights, (scores, *given), (draw(rng, (2, 3, 4), scores.dtype), *given))


@check("a call depends on nothing but its arguments")
def no_memory(sut, rng):
    scores, lengths = draw(rng, (2, 3, 4)), np.array([4, 3])
    first = run(sut, scores)
    is_sane(first, scores, shown(scores))
    padded, narrow = run(sut, scores, lengths), run(sut, scores, None, 2)
    differ(padded, first, "with lengths and without")
    differ(narrow, first, "with a window and without")
    differ(run(sut, scores, None, 3), narrow, "with different windows")
    differ(run(sut, scores, np.array([3, 4])), padded, "with different lengths")
    equal(run(sut, scores), first, what="your result for the same scores, called again,")
    here = sut.put(scores)
    before = run(sut, here)
    sut.write(here, draw(rng, (2, 3, 4)))
    differ(run(sut, here), before, "before and after the scores were given other elements")


def differ(one, two, what):
    """Fail two results that are equal where the inputs are not."""
    close(one.shape, two.shape, what=f"the shape of your result {what}")
    if np.allclose(one, two, rtol=1e-9, atol=0):
        fail(f"Two calls {what} gave the same result.")


@scaling("weights of T positions", sizes=(128, 256, 512, 1024), name="T", growth="quadratic")
def cost(sut, rng, size):
    scores = sut.put(rng.normal(size=(1, 2, size, size)))
    return lambda: sut.keep.causal_weights(scores)
