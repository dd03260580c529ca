"""Checks of a transformer encoder layer. Law: what a fault of one kind breaks is tried by itself where it can be arranged: a
part is silenced by zeros (`wo` for attention, `w2` for the feed-forward part, biases, scale and shift), so the checks of norms,
of the feed-forward part, of attention and of biases each see one part. Checks of form (dtype, inputs, memory) only ask that a
result makes sense. Expected values are worked out one query of one head at a time, over the positions that it may look at.
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

requires = ("encoder_layer",)

TOP = 1e4  # scores lie in [-TOP, TOP]


def right(x, params, n_heads, mask=None, norm_first=False, eps=1e-5):
    """The right result in float64."""
    x = np.asarray(x, np.float64)
    p = {name: np.asarray(array, np.float64) for name, array in params.items()}
    if norm_first:
        x = x + attend(normed(x, p["g1"], p["h1"], eps), p, n_heads, mask)
        return x + forward(normed(x, p["g2"], p["h2"], eps), p)
    x = normed(x + attend(x, p, n_heads, mask), p["g1"], p["h1"], eps)
    return normed(x + forward(x, p), p["g2"], p["h2"], eps)


def normed(x, g, h, eps):
    away = x - x.mean(axis=-1, keepdims=True)
    return away / np.sqrt((away * away).mean(axis=-1, keepdims=True) + eps) * g + h


def forward(x, p):
    return np.maximum(x @ p["w1"] + p["b1"], 0) @ p["w2"] + p["b2"]


def attend(x, p, n_heads, mask):
    b, t, d_model = x.shape
    d = d_model // n_heads
    allowed = np.broadcast_to(True if mask is None else mask, (b, t, t))
    context = np.zeros(x.shape)
    for text, head in np.ndindex(b, n_heads):
        mine = slice(head * d, (head + 1) * d)
        q, k, v = (x[text] @ p["w" + name][:, mine] + p["b" + name][mine] for name in "qkv")
        scores = q @ k.T / math.sqrt(d)
        for i in range(t):
            keys = np.flatnonzero(allowed[text, i])
            if keys.size:
                weights = np.exp(scores[i, keys] - scores[i, keys].max())
                context[text, i, mine] = weights @ v[keys] / weights.sum()
    return context @ p["wo"] + p["bo"]


def floats(sut):
    """float64 and float32, or float32 alone where the framework has no wider one."""
    return [dtype for dtype in float_dtypes(sut) if dtype.itemsize >= 4]


def widest(sut):
    return floats(sut)[0]


def draw(rng, sizes, dtype, silent=()):
    """Random (x, params) for sizes (B, T, D, F): all parts at work, but those named in `silent` (as in `silence`)."""
    b, t, d, f = sizes
    params = {name: rng.normal(size=(d, d)) * 1.2 / math.sqrt(d) for name in ("wq", "wk", "wv", "wo")}
    params["w1"], params["w2"] = rng.normal(size=(d, f)) / math.sqrt(d), rng.normal(size=(f, d)) / math.sqrt(f)
    for name in ("bq", "bk", "bv", "bo", "b2", "h1", "h2"):
        params[name] = rng.normal(size=d) / 2
    params["b1"] = rng.normal(size=f) / 2
    for name in ("g1", "g2"):
        params[name] = rng.uniform(0.5, 1.5, size=d) * rng.choice([-1.0, 1.0], size=d)
    for part in silent:
        silence(params, part)
    return rng.normal(size=(b, t, d)).astype(dtype), {name: array.astype(dtype) for name, array in params.items()}


def silence(params, part):
    """`attention` and `feed-forward` add nothing; `biases` are zero; `scales` are one and shifts zero."""
    names = {"attention": ("wo", "bo"), "feed-forward": ("w2", "b2"), "biases": ("bq", "bk", "bv", "bo", "b1", "b2")}
    for name in names.get(part, ("g1", "g2", "h1", "h2")):
        params[name] = np.full_like(params[name], 1.0 if name[0] == "g" else 0.0)


ATTENTION = ("feed-forward", "biases", "scales")  # silent where attention is tried by itself
FORWARD = ("attention", "biases", "scales")  # silent where the feed-forward part is


def draw_mask(rng, shape):
    """A random mask: in each row at least one position may be looked at, and where there are two or more one may not."""
    mask = rng.random(shape) < 0.5
    rows = mask.reshape(-1, shape[-1])
    for row in rows:
        first, second = rng.permutation(shape[-1])[:2] if shape[-1] > 1 else (0, None)
        if second is not None:
            row[second] = False
        row[first] = True
    return rows.reshape(shape)


def shown(x, params, n_heads, mask=None, **options):
    """A call in words."""
    b, t, d = x.shape
    heads = "1 head" if n_heads == 1 else f"{n_heads} heads"
    extra = "" if mask is None else f", mask {mask.shape}"
    extra += "".join(f", {name}={value}" for name, value in options.items())
    return f"B = {b}, T = {t}, D = {d}, F = {len(params['b1'])}, {heads}{extra}, {x.dtype}"


def run(sut, x, params, n_heads, mask=None, **options):
    """One call; the mask is left out where there is none."""
    if mask is not None:
        options["mask"] = mask
    return sut.encoder_layer(x, params, n_heads, **options)


def try_call(sut, given, n_heads, mask=None, why="", **options):
    """Compare one call with the right result; `given` is (x, params)."""
    what = f"your result for {shown(*given, n_heads, mask, **options)}" + (f" ({why})" if why else "")
    want = right(*given, n_heads, mask, **options)
    close(run(sut, *given, n_heads, mask, **options), want, dtype=given[0].dtype, what=what)


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
    if np.array_equal(seen, x[rows]):
        fail(f"For {what}, x came back as it was.")


# ---- the statement's examples


def statement(dtype):
    """(x, params) of the example."""
    params = {name: np.zeros(4) for name in ("bq", "bk", "bv", "bo", "b2", "h1", "h2")}
    params |= {"wq": np.zeros((4, 4)), "wk": np.zeros((4, 4)), "wv": np.eye(4), "wo": np.eye(4), "b1": np.zeros(2)}
    params |= {"w1": np.eye(4)[:, :2], "w2": np.array([[-1.0, 1, 0, 0], [1, -1, 0, 0]])}
    params |= {"g1": np.full(4, 3.0), "g2": np.full(4, 3.0)}
    x = np.array([[[2.0, 0, 0, -2], [0, 2, -2, 0]]])
    return x.astype(dtype), {name: array.astype(dtype) for name, array in params.items()}


@check("the statement's example with the norms behind", visible=True)
def example(sut):
    given = statement(widest(sut))
    want = np.array([[[1.0, 3, -1, -3], [3, 1, -3, -1]]])
    close(run(sut, *given, 2, eps=4.0), want, dtype=given[0].dtype, what="the result of the example's first call")


@check("the statement's example with the norms in front", visible=True)
def example_norm_first(sut):
    given = statement(widest(sut))
    want = right(*given, 2, norm_first=True, eps=2.0)
    out = run(sut, *given, 2, norm_first=True, eps=2.0)
    close(out, want, dtype=given[0].dtype, what="the result of the example's second call")


@check("the statement's example in which one position may look at nothing", visible=True)
def example_empty(sut):
    given, mask = statement(widest(sut)), np.array([[False, False], [False, True]])
    want = right(*given, 2, mask, eps=2.0)
    close(run(sut, *given, 2, mask, eps=2.0), want, dtype=given[0].dtype, what="the result of the example's third call")


# ---- norms and residuals


@check("where attention and feed-forward add nothing, the result is x normalised twice")
def norms_alone(sut, rng):
    for sizes in few(sut, ((2, 3, 4, 5), (1, 1, 4, 3), (2, 3, 5, 4), (4, 4, 4, 4))):
        given = draw(rng, sizes, widest(sut), (*FORWARD, "feed-forward"))
        try_call(sut, given, 1, why="eps is far below the variance", eps=1e-9)


@check(
    "with the norms in front, x itself runs through: where attention is bo and feed-forward is b2, the result is x + bo + b2"
)
def residuals_alone(sut, rng):
    for sizes in few(sut, ((2, 3, 4, 5), (1, 1, 4, 3), (2, 3, 5, 4), (4, 4, 4, 4))):
        x, params = draw(rng, sizes, widest(sut))
        params |= {name: np.zeros_like(params[name]) for name in ("wo", "w2")}
        try_call(sut, (x, params), 1, norm_first=True)


@check("each norm has its own scale and shift")
def scale_and_shift(sut, rng):
    for still in (("g1", "h1"), ("g2", "h2"), ("g1", "g2"), ("h1", "h2"), ()):
        for norm_first in (False, True):
            x, params = draw(rng, (2, 4, 6, 5), widest(sut), ("biases",))
            params |= {name: np.full_like(params[name], 1 if name[0] == "g" else 0) for name in still}
            try_call(sut, (x, params), 2, norm_first=norm_first)


@check("eps is added to the variance, and is 0.00001 where it is not given")
def eps_default(sut, rng):
    for size in (1e-3, 4e-3):
        x, params = draw(rng, (2, 4, 6, 5), widest(sut), (*FORWARD, "feed-forward"))
        try_call(sut, ((x * size).astype(x.dtype), params), 2, why=f"elements of x of about {size:g}")


@check("eps is added to the variance in both norms where it is given")
def eps_given(sut, rng):
    for eps in (0.5, 3.0):
        for norm_first in (False, True):
            given = draw(rng, (2, 4, 6, 5), widest(sut), ("biases", "scales"))
            try_call(sut, given, 2, norm_first=norm_first, eps=eps)


@check("a row whose elements are all equal brings no NaN and no infinity")
def flat_rows(sut, rng):
    for dtype in floats(sut):
        x, params = draw(rng, (8, 4, 6, 5), dtype, (*FORWARD, "feed-forward"))
        is_sane(run(sut, x, params, 2), x, shown(x, params, 2))
        x[...] = rng.uniform(500, 900, size=(8, 4, 1))
        params |= {name: np.zeros_like(params[name]) for name in ("wq", "wk")}
        for norm_first in (False, True):
            out = run(sut, x, params, 2, norm_first=norm_first)
            what = f"{shown(x, params, 2, norm_first=norm_first)}, where all elements of a row are the same number,"
            if not isinstance(out, np.ndarray) or out.shape != x.shape or not np.isfinite(out).all():
                fail(f"For {what} the result contains NaN or infinity, or has another shape than x.")


@check("a row far from zero is normalised like any other: its variance does not drown in rounding", weight=0.5)
def far_rows(sut, rng):
    for dtype, away, tolerance in (("float64", 1e6, None), ("float32", 1e3, 0.01)):
        if dtype in floats(sut):
            for far in ("x", "b2"):
                x, params = draw(rng, (8, 4, 6, 5), dtype, (*FORWARD, "feed-forward"))
                params |= {name: np.zeros_like(params[name]) for name in ("wq", "wk")}
                (x if far == "x" else params["b2"])[...] += np.array(away * rng.choice([-1, 1]), dtype)
                what = f"your result for {shown(x, params, 2)}, where {far} is about {away:.0f} from zero,"
                close(
                    run(sut, x, params, 2), right(x, params, 2), dtype=dtype, rtol=tolerance, atol=tolerance, what=what
                )


# ---- the feed-forward part


@check("feed-forward: w1, ReLU, w2, for each position by itself; F may be smaller or larger than D", weight=2)
def feed_forward(sut, rng):
    for sizes in few(sut, ((2, 3, 4, 5), (2, 3, 4, 2), (1, 1, 4, 4), (2, 3, 4, 9), (3, 2, 5, 2), (2, 2, 4, 1)), 2):
        for norm_first in (False, True):
            x, params = draw(rng, sizes, widest(sut), FORWARD)
            x = normed(x, np.float64(1), np.float64(0), 0).astype(x.dtype)  # so that the first norm changes nothing
            try_call(sut, (x, params), 1, norm_first=norm_first, eps=1e-9)


@check("b1 comes before the ReLU and b2 behind w2")
def feed_forward_biases(sut, rng):
    for loud in ("b1", "b2"):
        for sizes in few(sut, ((2, 3, 4, 5), (2, 3, 4, 9), (1, 2, 5, 3))):
            x, params = draw(rng, sizes, widest(sut), FORWARD)
            params[loud] = rng.normal(size=params[loud].shape).astype(x.dtype)
            try_call(sut, (x, params), 1, norm_first=True, why=f"of the biases, only {loud} is not zero")


# ---- attention


@check("for each position, the weights over the positions looked at sum to one: the softmax is over those")
def weights_sum(sut, rng):
    for sizes, n_heads in few(sut, (((2, 4, 6, 5), 3), ((1, 4, 4, 2), 1), ((2, 3, 4, 5), 2), ((3, 5, 6, 3), 3))):
        try_equal_values(sut, rng, sizes, n_heads)


def try_equal_values(sut, rng, sizes, n_heads, mask=None):
    """All values are the same number, so any weights that sum to one give that number, and others do not."""
    x, params = draw(rng, sizes, widest(sut), ATTENTION)
    x[..., 0] = 1
    params["wv"][...], params["wv"][0] = 0, rng.uniform(2, 5)
    try_call(sut, (x, params), n_heads, mask, why=f"all values are {params['wv'][0, 0]:.3f}")


@check("where wq is zero, each position gets the mean of its own text's values: heads are split and joined again")
def split_and_join(sut, rng):
    for sizes, n_heads in few(
        sut, (((2, 4, 6, 5), 3), ((1, 3, 4, 2), 2), ((2, 5, 6, 3), 3), ((3, 2, 6, 4), 6), ((4, 4, 8, 4), 4))
    ):
        x, params = draw(rng, sizes, widest(sut), ATTENTION)
        for zero in ("wq", "wk"):
            given = x, params | {zero: np.zeros_like(params[zero])}
            try_call(sut, given, n_heads, why="all scores are zero, so all weights are equal")


@check("with one head: scores are q @ k.T divided by the square root of D")
def one_head(sut, rng):
    for sizes in few(sut, ((2, 4, 6, 5), (2, 3, 5, 2), (1, 6, 4, 3), (3, 4, 16, 2))):
        try_call(sut, draw(rng, sizes, widest(sut), ATTENTION), 1)


@check("heads are slices of columns side by side: head 0 has the first D / n_heads")
def slices(sut, rng):
    for sizes, n_heads in few(
        sut, (((2, 3, 4, 5), 2), ((1, 3, 4, 2), 2), ((2, 3, 6, 2), 2), ((1, 3, 6, 2), 3), ((1, 4, 8, 2), 2))
    ):
        given = draw_apart(rng, sizes, n_heads, widest(sut))
        try_call(sut, given, n_heads, why="in each head, each position has one whose score is far above all others")


def draw_apart(rng, sizes, n_heads, dtype):
    """Inputs where the highest score of each row is 45 or more above the next, and no score is beyond 300: the right positions
    are chosen whatever the scores are divided by."""
    while True:
        x, params = draw(rng, sizes, "float64", ATTENTION)
        q, k = ((x @ params[w]).reshape(*sizes[:2], n_heads, -1).swapaxes(1, 2) for w in ("wq", "wk"))
        scores = np.sort(q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1]), axis=-1)
        factor = 45 / (scores[..., -1] - scores[..., -2]).min()
        if np.abs(scores).max() * factor <= 300:
            params["wq"] *= factor
            return x.astype(dtype), {name: array.astype(dtype) for name, array in params.items()}


@check("scores are divided by the square root of a head's width, not of D")
def scale(sut, rng):
    for sizes, n_heads in few(
        sut, (((2, 4, 6, 5), 3), ((2, 3, 4, 5), 2), ((2, 3, 6, 2), 2), ((2, 5, 8, 2), 8), ((1, 3, 64, 2), 4)), 2
    ):
        why = f"scores are divided by {math.sqrt(sizes[2] // n_heads):.4g}"
        try_call(sut, draw(rng, sizes, widest(sut), ATTENTION), n_heads, why=why)


@check("bq is added to the queries and bk to the keys")
def bias_of_queries(sut, rng):
    for loud in (("bq",), ("bk",), ("bq", "bk")):
        x, params = draw(rng, (2, 4, 6, 5), widest(sut), ATTENTION)
        params |= {name: (2 * rng.normal(size=6)).astype(x.dtype) for name in loud}
        try_call(sut, (x, params), 2, why=f"of the biases, only {' and '.join(loud)} are not zero")


@check("bv is added to the values and bo behind wo")
def bias_of_values(sut, rng):
    for loud in ("bv", "bo"):
        x, params = draw(rng, (2, 4, 6, 5), widest(sut), ATTENTION)
        params[loud] = rng.normal(size=6).astype(x.dtype)
        try_call(sut, (x, params), 2, why=f"of the biases, only {loud} is not zero")


@check("scores of ±10000 neither overflow nor lose what sets them apart")
def large_scores(sut, rng):
    for dtype in floats(sut):
        q, k = np.zeros((8, 8)), np.zeros((8, 8))
        for first in (0, 4):  # the first column of each head
            q[:, first] = TOP * rng.permutation([1, 1, -1, -1, 1, -1, 1, -1])
            k[:, first] = rng.permutation([1, 0.75, 0.5, 0.25, -0.25, -0.5, -0.75, -1])
        try_call(sut, draw_scores(rng, q, k, dtype), 2, why="scores far apart, from -10000 to 10000")
    top = TOP if widest(sut) == np.float64 else TOP / 100  # at 10000 float32 has steps of 0.001
    for first in (0, 4):
        q[:, first] = rng.permutation([top - 4, 4 - top, *(top * np.array([0, 0.4, -0.07, 0.08, 0.3, -0.2]))])
        q[:, first + 1], k[:, first] = rng.choice([-1.0, 1.0], size=8), 1
        k[:, first + 1] = rng.uniform(0, 3, size=8)
    try_call(sut, draw_scores(rng, q, k, widest(sut)), 2, why=f"scores close together, in some rows near ±{top:g}")


def draw_scores(rng, q, k, dtype):
    """Two texts (T = D = 8, two heads of width 4) in which position i has the query q[i] (8,) and the key k[i] (8,), up to an
    order of its own for each text. Positions are unit vectors, so projecting loses no digit, and the root of 4 is exact."""
    _, params = draw(rng, (2, 8, 8, 2), "float64", ATTENTION)
    params |= {"wq": 2 * q, "wk": k, "wv": rng.uniform(1, 3, size=(8, 8))}
    x = np.stack([np.eye(8)[rng.permutation(8)] for _ in range(2)])
    return x.astype(dtype), {name: array.astype(dtype) for name, array in params.items()}


# ---- all together


@check("right values with the norms behind, all parts at work, in each dtype", weight=3)
def norm_last(sut, rng):
    try_all(sut, rng, {})
    try_all(sut, rng, {"norm_first": False})


def try_all(sut, rng, options):
    sizes = few(
        sut, (((2, 5, 6, 4), 3), ((4, 4, 4, 4), 2), ((5, 2, 6, 7), 2), ((3, 7, 4, 2), 4), ((1, 33, 4, 8), 1)), 2
    )
    for dtype in floats(sut):
        for size, n_heads in sizes:
            try_call(sut, draw(rng, size, dtype), n_heads, **options)


@check("right values with the norms in front, all parts at work, in each dtype", weight=3)
def norm_in_front(sut, rng):
    try_all(sut, rng, {"norm_first": True})


@check("every size may be 1")
def size_one(sut, rng):
    cases = (
        ((1, 1, 1, 1), 1),
        ((1, 2, 4, 5), 1),
        ((1, 3, 1, 2), 1),
        ((2, 1, 4, 1), 2),
        ((1, 1, 4, 3), 4),
        ((3, 2, 1, 1), 1),
    )
    for size, n_heads in few(sut, cases, 2):
        for norm_first in (False, True):
            try_call(sut, draw(rng, size, widest(sut)), n_heads, norm_first=norm_first)
    given = draw(rng, (2, 3, 4, 5), widest(sut))
    is_sane(run(sut, *given, 4), given[0], shown(*given, 4))


@check("n_heads that does not divide D is a ValueError", weight=0.5)
def indivisible(sut, rng):
    for d_model, n_heads in few(sut, ((6, 4), (4, 3), (3, 6), (5, 2)), 2):
        for b, t in few(sut, ((2, 3), (1, 1), (n_heads, n_heads))):
            raises(ValueError, sut.encoder_layer, *draw(rng, (b, t, d_model, 3), widest(sut)), n_heads)


# ---- with a mask


@check("after masking, the weights that are left sum to one: the mask comes before the softmax")
def masked_weights_sum(sut, rng):
    for sizes, n_heads in few(sut, (((2, 4, 6, 5), 3), ((1, 4, 4, 3), 1), ((2, 5, 4, 2), 2), ((3, 3, 6, 2), 3))):
        t = sizes[1]
        mask = (rng.random((t, t)) < 0.5) | np.eye(t, dtype=bool)
        mask[np.arange(t), (np.arange(t) + 1) % t] = False  # so each row and each column has both
        try_equal_values(sut, rng, sizes, n_heads, mask)


@check("True means may look: with a (T, T) mask, hidden positions have no say, in any head", weight=2)
def masked(sut, rng):
    for dtype in floats(sut):
        for sizes, n_heads in few(
            sut, (((2, 4, 6, 5), 3), ((4, 4, 4, 4), 2), ((1, 5, 4, 3), 1), ((3, 5, 6, 2), 3), ((4, 4, 4, 4), 4)), 2
        ):
            for norm_first in (False, True):
                mask = draw_mask(rng, (sizes[1],) * 2)
                try_call(sut, draw(rng, sizes, dtype), n_heads, mask, norm_first=norm_first)
    given = draw(rng, (2, 4, 6, 5), widest(sut))
    try_call(sut, given, 3, np.tri(4, dtype=bool), why="a causal mask")
    try_call(sut, given, 3, np.ones((4, 4), bool), why="nothing is hidden")


@check("each text has its own mask where the mask is (B, T, T)")
def mask_of_texts(sut, rng):
    for (b, t, d, f), n_heads in few(
        sut,
        (
            ((2, 4, 6, 5), 3),
            ((4, 4, 4, 4), 4),
            ((2, 5, 6, 3), 3),
            ((3, 4, 4, 2), 2),
            ((3, 5, 6, 2), 3),
            ((2, 2, 4, 2), 2),
            ((4, 3, 4, 2), 1),
        ),
        2,
    ):
        try_call(sut, draw(rng, (b, t, d, f), widest(sut)), n_heads, draw_mask(rng, (b, t, t)))


@check("a mask of padding, (B, 1, T), hides the same positions from all of a text")
def mask_of_padding(sut, rng):
    for (b, t, d, f), n_heads in few(
        sut, (((2, 4, 6, 5), 3), ((4, 4, 4, 4), 4), ((3, 4, 6, 2), 3), ((1, 4, 4, 2), 2)), 2
    ):
        lengths = 1 + rng.permutation(max(b, t - 1))[:b] % (t - 1)
        mask = (np.arange(t) < lengths[:, None])[:, None, :]
        try_call(sut, draw(rng, (b, t, d, f), widest(sut)), n_heads, mask, why=f"lengths {lengths.tolist()}")


@check("the mask is broadcast to (B, T, T), whatever its rank")
def mask_broadcast(sut, rng):
    for b, t, d, n_heads in few(sut, ((2, 4, 6, 3), (3, 3, 6, 3), (2, 3, 4, 2))):
        for shape in ((t,), (1, t), (1, 1, t), (1, t, t), (t, t), (b, 1, t), (b, t, t)):
            try_call(sut, draw(rng, (b, t, d, 5), widest(sut)), n_heads, draw_mask(rng, shape))
        for shape in ((1,), (1, 1), (t, 1), (1, t, 1), (b, 1, 1), (b, t, 1)):
            given = draw(rng, (b, t, d, 5), widest(sut))
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
                yield draw(rng, (2, 4, 6, 5), dtype), n_heads, mask, np.broadcast_to(mask, (2, 4, 4)).any(axis=-1)


def empty_call(sut, given, n_heads, mask, rows):
    """The rows of the result that belong to positions that may look at nothing; fails where the result is not finite."""
    what = (
        f"{shown(*given, n_heads, mask)}, where {rows.size - rows.sum()} of {rows.size} positions may look at nothing"
    )
    out = run(sut, *given, n_heads, mask)
    is_sane(out, given[0], what, rows)
    if not np.isfinite(out).all():
        fail(f"For {what}, the result contains NaN or infinity.")
    return out[~rows]


@check("a position that may look at nothing brings no NaN and no infinity into the result")
def empty_rows_finite(sut, rng):
    for case in empty_cases(rng, floats(sut)):
        empty_call(sut, *case)


@check("a position that may look at nothing has the context zero before wo, and bo behind it", weight=2)
def empty_rows(sut, rng):
    for given, n_heads, mask, rows in empty_cases(rng, floats(sut)):
        empty = empty_call(sut, given, n_heads, mask, rows)
        what = f"the part of your result of positions that may look at nothing, for {shown(*given, n_heads, mask)},"
        close(empty, right(*given, n_heads, mask)[~rows], dtype=given[0].dtype, what=what)
    for shape in ((3, 3), (1,), (2, 1, 3)):
        for norm_first in (False, True):
            given = draw(rng, (2, 3, 4, 5), widest(sut))
            why = "nobody may look at anything"
            try_call(sut, given, 2, np.zeros(shape, bool), why=why, norm_first=norm_first)


@check("a position that may look at nothing gets nothing of bv either")
def empty_without_values(sut, rng):
    for norm_first in (False, True):
        given = draw(rng, (2, 4, 6, 5), widest(sut))
        given[1]["bo"][...] = 0
        mask = draw_mask(rng, (4, 4)) & (np.arange(4) != rng.integers(4))[:, None]
        try_call(sut, given, 2, mask, why="bo is zero, so attention adds nothing there", norm_first=norm_first)


@check("other positions are not disturbed by one that may look at nothing")
def beside_empty_rows(sut, rng):
    for n_heads in (1, 3):
        given = draw(rng, (2, 4, 6, 5), widest(sut))
        mask, rows = draw_mask(rng, (2, 4, 4)), np.arange(4) != rng.integers(4)
        full = run(sut, *given, n_heads, mask)
        is_sane(full, given[0], shown(*given, n_heads, mask))
        out = run(sut, *given, n_heads, mask & rows[:, None])
        is_sane(out, given[0], shown(*given, n_heads, mask), (slice(None), rows))
        what = "your result for the other positions, once one of them may look at nothing,"
        close(out[:, rows], full[:, rows], dtype=given[0].dtype, what=what)


# ---- what a call leaves behind


def samples(rng, dtypes):
    """((x, params), n_heads, options) for each dtype, order of norms, with and without a mask; in the last one a position may
    look at nothing."""
    for dtype in dtypes:
        masks = (None, draw_mask(rng, (2, 3, 3)), np.tri(3, k=-1, dtype=bool))
        for norm_first, n_heads, mask in zip((False, True, True), (1, 2, 4), masks, strict=True):
            options = {} if mask is None else {"mask": mask}
            yield draw(rng, (2, 3, 4, 5), dtype), n_heads, options | ({"norm_first": True} if norm_first else {})


@check("the result has the dtype of the inputs")
def dtype_kept(sut, rng):
    for given, n_heads, options in samples(rng, floats(sut)):
        out = run(sut, *given, n_heads, **options)
        is_sane(out, given[0], shown(*given, n_heads, **options), np.s_[:, 1:])
        same_dtype(out, given[0], what=f"your result for {shown(*given, n_heads)}")


@check("x, params and the mask are left as they were", weight=2)
def inputs_unchanged(sut, rng):
    for given, n_heads, options in samples(rng, floats(sut)):
        out = unchanged(sut, sut.encoder_layer, *given, n_heads, **options)
        is_sane(out, given[0], shown(*given, n_heads), np.s_[:, 1:])


@check("inputs may be views: transposed arrays give the same as their copies", weight=0.5)
def views(sut, rng):
    for (x, params), n_heads, options in samples(rng, floats(sut)):
        turned = {name: transposed(sut, array) if array.ndim > 1 else array for name, array in params.items()}
        out = run(sut, transposed(sut, x), turned, n_heads, **options)
        is_sane(out, x, shown(x, params, n_heads), np.s_[:, 1:])
        again = run(sut, x, params, n_heads, **options)
        what = f"your result for transposed views ({shown(x, params, n_heads)}), compared with that for copies of them,"
        close(out[:, 1:], again[:, 1:], dtype=x.dtype, what=what)


@check("the result shares no memory with the inputs")
def no_alias(sut, rng):
    for given, n_heads, options in samples(rng, [widest(sut)]):
        is_sane(run(sut, *given, n_heads, **options), given[0], shown(*given, n_heads), np.s_[:, 1:])
        not_aliased(sut, sut.encoder_layer, *given, n_heads, **options)


@check("a later call does not change an earlier result")
def earlier_result_kept(sut, rng):
    for given, n_heads, _ in samples(rng, floats(sut)):
        is_sane(run(sut, *given, n_heads), given[0], shown(*given, n_heads))
        later = draw(rng, (2, 3, 4, 5), given[0].dtype)
        keeps_earlier_result(sut, sut.encoder_layer, (*given, n_heads), (*later, n_heads))


@check("a call depends on nothing but its arguments")
def no_memory(sut, rng):
    given, other = draw(rng, (2, 3, 4, 5), widest(sut)), draw(rng, (2, 3, 4, 5), widest(sut))
    for _, params in (given, other):
        params["b1"] += 4  # so that ReLU never hides all of w1 and b1
    first = run(sut, *given, 2)
    is_sane(first, given[0], shown(*given, 2))
    differ(run(sut, *given, 2, draw_mask(rng, (3, 3))), first, "with a mask and without one")
    differ(run(sut, *given, 2, norm_first=True), first, "with norm_first and without")
    differ(run(sut, *given, 2, eps=1.0), first, "with eps=1 and without")
    differ(run(sut, *given, 4), first, "with 4 heads and with 2")
    differ(run(sut, *other, 2), first, "with other inputs of the same shapes")
    equal(run(sut, *given, 2), first, what="your result for the same arguments, after other calls,")
    x, params = sut.put(given[0]), sut.put(given[1])
    equal(run(sut, x, params, 2), first, what="your result for the same arguments, the third time,")
    for name in ("x", *given[1]):
        if name != "bk":  # adds the same to all scores of a query
            before = run(sut, x, params, 2)
            sut.write(x if name == "x" else params[name], other[0] if name == "x" else other[1][name])
            differ(run(sut, x, params, 2), before, f"before and after `{name}` was given other elements")


def differ(one, two, what):
    """Fail two results that are equal where the inputs are not."""
    close(one.shape, two.shape, what=f"the shape of your result {what}")
    if np.allclose(one, two, rtol=1e-6, atol=0):
        fail(f"Two calls {what} gave the same result.")


@scaling("a layer over T positions", sizes=(128, 256, 512, 1024), name="T", growth="quadratic")
def cost(sut, rng, size):
    x, params = draw(rng, (1, size, 16, 32), widest(sut))
    held = sut.put(x), sut.put(params)
    return lambda: sut.keep.encoder_layer(*held, 2)
