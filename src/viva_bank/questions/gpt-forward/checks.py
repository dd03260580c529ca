"""Checks of a GPT's forward pass. Law: what a fault of one kind breaks is tried by itself where it can be arranged: a part is
silenced by zeros (`wo` for attention, `w2` for the feed-forward part, biases, `pos`) or by ones (scales). Where eps is not what
is tried, rows are spread by about 10**6, so that it has no say. Checks of form (dtype, inputs, memory) only ask that a result
makes sense. Expected values are worked out one text and one position at a time, looking only back.
"""

import math

import numpy as np

from viva_check import (
    batch_independent,
    causal,
    check,
    close,
    equal,
    fail,
    keeps_earlier_result,
    raises,
    same_dtype,
    scaling,
    transposed,
    unchanged,
)

requires = ("gpt_forward",)

TOP = 1e4  # scores lie in [-TOP, TOP]
LOUD = 1e6  # the size of what is added up
BIASES = ("bq", "bk", "bv", "bo", "b1", "b2")
ATTENTION = ("feed-forward", "biases", "scales", "positions")  # silent where attention is tried by itself
FORWARD = ("attention", "biases", "scales", "positions")  # silent where the feed-forward part is
OUTSIDE = ("attention", "feed-forward", "scales", "positions")  # silent where embedding and output are


# ---- the right result


def right(tokens, params, n_heads):
    """The right logits in float64."""
    tok, pos, gf, hf = (np.asarray(params[name], np.float64) for name in ("tok", "pos", "gf", "hf"))
    blocks = [{name: np.asarray(array, np.float64) for name, array in block.items()} for block in params["blocks"]]
    out = np.empty((*tokens.shape, len(tok)))
    for text, ids in enumerate(tokens):
        rows = [tok[token] + pos[place] for place, token in enumerate(ids)]
        for block in blocks:
            rows = through(rows, block, n_heads)
        for place, row in enumerate(rows):
            out[text, place] = tok @ normed(row, gf, hf)
    return out


def through(rows, p, n_heads):
    """One block for one text: each position takes the keys and values that are there when it comes, its own among them."""
    keys, values, after = [], [], []
    for row in rows:
        z = normed(row, p["g1"], p["h1"])
        keys.append(split(z @ p["wk"] + p["bk"], n_heads))
        values.append(split(z @ p["wv"] + p["bv"], n_heads))
        mid = row + looked(split(z @ p["wq"] + p["bq"], n_heads), keys, values) @ p["wo"] + p["bo"]
        after.append(mid + gelu(normed(mid, p["g2"], p["h2"]) @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"])
    return after


def split(row, n_heads):
    width = len(row) // n_heads
    return np.stack([row[first : first + width] for first in range(0, len(row), width)])


def looked(q, keys, values):
    """q (H, d), and for each position seen its keys and its values (H, d) -> the contexts side by side (D,)"""
    scores = (np.stack(keys) * q).sum(axis=-1) / math.sqrt(q.shape[-1])  # (seen, H)
    weights = np.exp(scores - scores.max(axis=0))
    weights /= weights.sum(axis=0)
    return (weights[:, :, None] * np.stack(values)).sum(axis=0).ravel()


def normed(row, g, h):
    away = row - row.mean()
    return away / math.sqrt(away @ away / len(away) + 1e-5) * g + h


def gelu(u):
    return u / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (u + 0.044715 * u**3)))


# ---- what is drawn


def draw(rng, sizes, dtype="float64", silent=(), blocks=2, spread=LOUD):
    """Random (tokens, params) for sizes (B, T, Tmax, V, D, F): all parts at work, but those named in `silent` (as in `silence`).
    Each dict has its keys in an order of its own."""
    b, t, t_max, v, d, f = sizes
    params = {"tok": spread * rng.normal(size=(v, d)), "pos": spread * rng.normal(size=(t_max, d))}
    params |= dict(zip(("gf", "hf"), draw_norm(rng, d), strict=True))
    params["blocks"] = [draw_block(rng, d, f) for _ in range(blocks)]
    for part in silent:
        silence(params, part)
    return rng.integers(v, size=(b, t)), cast(rng, params, dtype)


def draw_block(rng, d, f):
    block = {name: rng.normal(size=(d, d)) * 1.2 / math.sqrt(d) for name in ("wq", "wk", "wv")}
    block |= {"wo": LOUD * rng.normal(size=(d, d)) / math.sqrt(d), "w1": 1.5 * rng.normal(size=(d, f)) / math.sqrt(d)}
    block |= {"w2": LOUD * rng.normal(size=(f, d)) / math.sqrt(f), "b1": rng.normal(size=f) / 2}
    block |= {name: rng.normal(size=d) / 2 for name in ("bq", "bk", "bv")}
    block |= {name: LOUD / 2 * rng.normal(size=d) for name in ("bo", "b2")}
    for which in "12":
        block["g" + which], block["h" + which] = draw_norm(rng, d)
    return block


def draw_norm(rng, d):
    return rng.uniform(0.5, 1.5, size=d) * rng.choice([-1.0, 1.0], size=d), rng.normal(size=d) / 2


def silence(params, part):
    """`attention` and `feed-forward` add nothing; `biases` and `positions` are zero; `scales` are one and shifts zero."""
    names = {"attention": ("wo", "bo"), "feed-forward": ("w2", "b2"), "biases": BIASES, "positions": ("pos",)}
    for name in names.get(part, ("g1", "h1", "g2", "h2", "gf", "hf")):
        for holder in (params, *params["blocks"]):
            if name in holder:
                holder[name] = np.full_like(holder[name], 1.0 if name[0] == "g" else 0.0)


def cast(rng, holder, dtype):
    """The same in this dtype, each dict with its keys in another order."""
    if isinstance(holder, np.ndarray):
        return holder.astype(dtype)
    if isinstance(holder, list):
        return [cast(rng, item, dtype) for item in holder]
    names = list(holder)
    return {names[place]: cast(rng, holder[names[place]], dtype) for place in rng.permutation(len(names))}


def shown(tokens, params, n_heads):
    """A call in words."""
    (v, d), blocks, kind = params["tok"].shape, len(params["blocks"]), params["tok"].dtype
    sizes = f"B = {tokens.shape[0]}, T = {tokens.shape[1]}, Tmax = {len(params['pos'])}, V = {v}, D = {d}"
    heads, count = (f"{n} {word}{'s' * (n > 1)}" for n, word in ((n_heads, "head"), (blocks, "block")))
    return f"{sizes}, F = {len(params['blocks'][0]['b1'])}, {heads}, {count}, {kind}"


def try_call(sut, given, n_heads, why="", **tolerance):
    """Compare one call with the right result; `given` is (tokens, params)."""
    what = f"your result for {shown(*given, n_heads)}" + (f" ({why})" if why else "")
    want = right(*given, n_heads)
    close(sut.gpt_forward(*given, n_heads), want, dtype=given[1]["tok"].dtype, what=what, **tolerance)


def is_sane(out, given, n_heads):
    """Fail what cannot be the logits: another shape, not finite, or the same number everywhere."""
    what, shape = shown(*given, n_heads), (*given[0].shape, len(given[1]["tok"]))
    if not isinstance(out, np.ndarray) or out.shape != shape:
        found = f"an array of shape {out.shape}" if isinstance(out, np.ndarray) else f"a {type(out).__name__}"
        fail(f"For {what}, an array of shape {shape} was expected, and {found} came.")
    if not np.isfinite(out).all():
        fail(f"For {what}, the result contains NaN or infinity.")
    if np.ptp(out) == 0:
        fail(f"For {what}, every element is {out.flat[0]:g}, whatever the inputs are.")


# ---- the statement's examples


def statement(**changed):
    """(tokens, params) of the example."""
    block = {name: np.zeros(4) for name in ("bq", "bk", "bv", "bo", "b2", "h1", "h2")}
    block |= {name: np.zeros((4, 4)) for name in ("wq", "wk", "wv", "wo")}
    block |= {"w1": np.zeros((4, 3)), "b1": np.zeros(3), "w2": np.zeros((3, 4)), "g1": np.ones(4), "g2": np.ones(4)}
    tok = np.array([[1.0, 1, -1, -1], [1, -1, 1, -1]])
    params = {"tok": tok, "pos": np.zeros((5, 4)), "blocks": [block | changed], "gf": np.ones(4), "hf": np.zeros(4)}
    return np.array([[0, 1]]), params


@check("the statement's example in which the block adds nothing", visible=True)
def example(sut):
    close(
        sut.gpt_forward(*statement(), 2),
        np.array([[[4.0, 0], [0, 4]]]),
        rtol=0,
        atol=1e-4,
        what="the result of the example's first call",
    )


@check("the statement's example in which attention adds a mean", visible=True)
def example_attention(sut):
    close(
        sut.gpt_forward(*statement(wv=np.eye(4), wo=6 * np.eye(4)), 2),
        np.array([[[4.0, 0], [2.4, 3.2]]]),
        rtol=0,
        atol=1e-4,
        what="the result of the example's second call",
    )


# ---- around the blocks


@check(
    "where the blocks add nothing and positions are zero, the logits are the normed rows of tok times tok transposed"
)
def embedding(sut, rng):
    for sizes in ((2, 3, 3, 4, 6, 5), (1, 1, 2, 7, 6, 3), (3, 5, 8, 2, 8, 4), (6, 6, 6, 6, 6, 6)):
        try_call(sut, draw(rng, sizes, silent=OUTSIDE), 2, why="the blocks add nothing")


@check("position t gets row t of pos; pos may have more rows than there are tokens, or as many")
def positions(sut, rng):
    for sizes in ((2, 3, 3, 4, 6, 5), (2, 3, 7, 4, 6, 5), (4, 1, 4, 5, 6, 2), (3, 5, 6, 1, 6, 4), (4, 2, 4, 3, 8, 2)):
        try_call(sut, draw(rng, sizes, silent=OUTSIDE[:3]), 2, why="the blocks add nothing")


@check("the norm behind the last block has its own scale and shift")
def final_norm(sut, rng):
    for still in ("gf", "hf", "neither"):
        tokens, params = draw(rng, (2, 3, 5, 4, 6, 5), silent=OUTSIDE[:2])
        if still in params:
            params[still][...] = float(still == "gf")
        try_call(sut, (tokens, params), 3, why="the blocks add nothing")


# ---- the feed-forward part


@check("feed-forward: norm, w1, GELU in its tanh form, w2, residual; F may be smaller or larger than D", weight=2)
def feed_forward(sut, rng):
    for sizes in ((2, 3, 4, 5, 6, 8), (1, 1, 1, 4, 6, 6), (3, 2, 2, 4, 6, 3), (2, 2, 3, 3, 8, 1), (2, 4, 4, 5, 6, 24)):
        try_call(sut, draw(rng, sizes, silent=FORWARD, blocks=1), 1, why="attention adds nothing")


@check("b1 comes before the GELU and b2 behind w2")
def feed_forward_biases(sut, rng):
    for loud, size in (("b1", 1.0), ("b2", LOUD)):
        tokens, params = draw(rng, (2, 3, 4, 5, 6, 7), silent=FORWARD, blocks=1)
        params["blocks"][0][loud] = size * rng.normal(size=params["blocks"][0][loud].shape)
        try_call(sut, (tokens, params), 1, why=f"attention adds nothing; of the biases, only {loud} is not zero")


@check("GELU of ±1000 neither overflows nor becomes NaN", weight=0.5)
def gelu_large(sut, rng):
    for dtype in ("float64", "float32"):
        tokens, params = draw(rng, (1, 4, 4, 8, 8, 8), silent=FORWARD, blocks=1)
        (block,) = params["blocks"]
        block["w1"][...] = 0
        block["b1"][...] = rng.permutation([1000, -1000, 300, -300, 100, -100, 20, -20])
        block["w2"] /= 100
        try_call(sut, (tokens, cast(rng, params, dtype)), 1, why="GELU gets 20, 100, 300 and 1000, and less than zero")


# ---- attention


@check("with one token, attention is its own value: norm, wv, wo, residual")
def one_token(sut, rng):
    for b, v, d, n_heads in ((3, 5, 6, 2), (1, 4, 8, 4), (2, 3, 6, 1)):
        _, params = draw(rng, (b, 1, 3, v, d, 4), silent=ATTENTION, blocks=1)
        try_call(sut, (rng.permutation(v)[:b, None], params), n_heads, why="feed-forward is silent")


@check("where wq is zero, each position gets the mean of the values up to its own: softmax only over what is looked at")
def means(sut, rng):
    for sizes, n_heads in (
        ((2, 5, 5, 4, 6, 3), 3),
        ((3, 2, 4, 6, 8, 2), 2),
        ((4, 4, 4, 4, 8, 4), 4),
        ((1, 7, 7, 5, 6, 3), 1),
    ):
        for zero in ("wq", "wk"):
            tokens, params = draw(rng, sizes, silent=ATTENTION, blocks=1)
            params["blocks"][0][zero][...] = 0
            try_call(sut, (tokens, params), n_heads, why="all scores are zero; feed-forward is silent")


@check("with one head: scores are q @ k.T divided by the square root of D")
def one_head(sut, rng):
    for sizes in ((2, 5, 6, 4, 6, 3), (1, 3, 3, 7, 8, 2), (3, 4, 4, 4, 6, 4)):
        try_call(sut, draw(rng, sizes, silent=ATTENTION, blocks=1), 1, why="feed-forward is silent")


@check(
    "heads are slices of columns side by side, and scores are divided by the square root of a head's width", weight=2
)
def heads(sut, rng):
    for sizes, n_heads in (
        ((2, 5, 6, 4, 6, 3), 3),
        ((2, 3, 4, 7, 6, 2), 2),
        ((1, 4, 4, 6, 8, 4), 4),
        ((4, 4, 4, 4, 8, 4), 2),
        ((2, 4, 4, 5, 6, 3), 6),
    ):
        why = f"scores are divided by {math.sqrt(sizes[4] // n_heads):.4g}; feed-forward is silent"
        try_call(sut, draw(rng, sizes, silent=ATTENTION, blocks=1), n_heads, why=why)


@check("bq is added to the queries and bk to the keys")
def bias_of_queries(sut, rng):
    for loud in (("bq",), ("bk", "bq")):
        tokens, params = draw(rng, (2, 5, 6, 4, 6, 3), silent=ATTENTION, blocks=1)
        params["blocks"][0] |= {name: 2 * rng.normal(size=6) for name in loud}
        try_call(sut, (tokens, params), 2, why=f"of the biases, only {' and '.join(loud)} are not zero")


@check("bv is added to the values and bo behind wo")
def bias_of_values(sut, rng):
    for loud, size in (("bv", 1.0), ("bo", LOUD)):
        tokens, params = draw(rng, (2, 4, 5, 4, 6, 3), silent=ATTENTION, blocks=1)
        params["blocks"][0][loud] = size * rng.normal(size=6)
        try_call(sut, (tokens, params), 2, why=f"of the biases, only {loud} is not zero")


@check("no position looks at a later one", weight=2)
def looks_back(sut, rng):
    tokens, params = draw(rng, (2, 6, 7, 5, 6, 4))
    is_sane(sut.gpt_forward(tokens, params, 2), (tokens, params), 2)
    causal(lambda ids: sut.gpt_forward(ids, params, 2), tokens, (tokens + rng.integers(1, 5, size=tokens.shape)) % 5)


@check("no text knows of another")
def texts(sut, rng):
    tokens, params = draw(rng, (3, 4, 6, 5, 6, 4))
    is_sane(sut.gpt_forward(tokens, params, 2), (tokens, params), 2)
    batch_independent(lambda ids: sut.gpt_forward(ids, params, 2), tokens)


@check("scores of ±10000 neither overflow nor lose what sets them apart")
def large_scores(sut, rng):
    for dtype in ("float64", "float32"):
        k = TOP * np.append(1, rng.permutation([0.75, 0.5, 0.25, 0, -0.25, -0.5, -1]))
        try_call(sut, draw_scores(rng, k, dtype), 2, why="scores from -10000 to 10000, the highest at position 0")
    given = draw_scores(rng, TOP - rng.uniform(0, 3, size=8), "float64")  # float32 has steps of 0.001 there
    try_call(sut, given, 2, why="all scores are near 10000")


@check("a later position takes no weight, even if its score is by far the highest")
def later_high(sut, rng):
    for dtype in ("float64", "float32"):
        why = "scores grow from -10000 at position 0 to 10000 at position 7"
        try_call(sut, draw_scores(rng, np.linspace(-TOP, TOP, 8), dtype), 2, why=why)


@check("a later position takes no weight, even if all that may be looked at has a very low score")
def seen_low(sut, rng):
    for dtype in ("float64", "float32"):
        why = "scores grow from -10000 at position 0 to -9930 at position 7"
        try_call(sut, draw_scores(rng, -TOP + 10 * np.arange(8), dtype), 2, why=why)
    given = draw_scores(rng, rng.uniform(0, 3, size=8) - TOP, "float64")
    try_call(sut, given, 2, why="all scores are near -10000")


def draw_scores(rng, k, dtype):
    """One text (T = V = D = 8, two heads of width 4, one block) in which every position has the score k[j] for position j, in
    both heads. In front of attention each token is a unit vector, and eps far below its variance."""
    _, params = draw(rng, (1, 8, 8, 8, 8, 2), silent=ATTENTION, blocks=1)
    tokens, size, (block,) = rng.permutation(8)[None], 1e7, params["blocks"]
    params["tok"] = size * np.eye(8)
    block |= {"g1": np.full(8, math.sqrt(7 / 64 + 1e-5 / size**2)), "h1": np.full(8, 1 / 8)}
    block |= {"wv": rng.uniform(1, 3, size=(8, 8)), "wo": size * rng.normal(size=(8, 8))}
    for name, column in (("wq", 1), ("wk", 2 * k)):
        block[name][...] = 0
        block[name][tokens[0], 0] = block[name][tokens[0], 4] = column
    return tokens, cast(rng, params, dtype)


# ---- norms


@check("each of the two norms of a block has its own scale and shift")
def scale_and_shift(sut, rng):
    for still in (("g1", "h1"), ("g2", "h2"), ("g1", "g2"), ("h1", "h2")):
        tokens, params = draw(rng, (2, 4, 5, 4, 6, 5), silent=("biases",), blocks=1)
        params["blocks"][0] |= {name: np.full(6, float(name[0] == "g")) for name in still}
        try_call(sut, (tokens, params), 2)


@check("eps is 0.00001, added to the variance, in the norm in front of attention", weight=0.5)
def eps_first(sut, rng):
    given = draw(rng, (2, 4, 5, 4, 6, 5), silent=ATTENTION, blocks=1, spread=3e-3)
    try_call(sut, given, 2, why="tok is about 0.003, so eps counts; feed-forward is silent")


@check("eps is 0.00001, added to the variance, in the norm in front of feed-forward", weight=0.5)
def eps_second(sut, rng):
    given = draw(rng, (2, 4, 5, 4, 6, 5), silent=FORWARD, blocks=1, spread=3e-3)
    try_call(sut, given, 2, why="tok is about 0.003, so eps counts; attention is silent")


@check("eps is 0.00001, added to the variance, in the norm behind the last block", weight=0.5)
def eps_final(sut, rng):
    given = draw(rng, (2, 4, 5, 4, 6, 5), silent=OUTSIDE, blocks=1, spread=3e-3)
    try_call(sut, given, 2, why="tok is about 0.003, so eps counts; the blocks add nothing")


@check("a row whose elements are all equal is normed to the shift: no NaN and no infinity", weight=0.5)
def flat_rows(sut, rng):
    for dtype in ("float64", "float32"):
        tokens, params = draw(rng, (2, 3, 3, 4, 8, 5), dtype, ("attention", "feed-forward", "positions"))
        params["tok"][...] = rng.integers(5, 90, size=(4, 1))
        try_call(sut, (tokens, params), 2, why="in each row of tok all numbers are the same; the blocks add nothing")


@check("a row far from zero is normed like any other: its variance does not drown in rounding", weight=0.5)
def far_rows(sut, rng):
    for dtype, away, tolerance in (("float64", 1e7, 1e-5), ("float32", 1e3, 0.01)):
        tokens, params = draw(rng, (4, 3, 3, 5, 8, 5), dtype, OUTSIDE[:3], spread=3.0)
        params["pos"] += np.array(away * rng.choice([-1, 1]), dtype)
        why = f"pos is about {away:.0f} from zero; the blocks add nothing"
        try_call(sut, (tokens, params), 2, why=why, rtol=tolerance, atol=tolerance)


# ---- all together


@check("several blocks, each with its own weights, in the order of the list")
def order_of_blocks(sut, rng):
    for blocks in (1, 2, 3, 5):
        try_call(sut, draw(rng, (2, 3, 4, 5, 6, 7), blocks=blocks), 2)


@check("right logits, all parts at work, in each dtype", weight=3)
def logits(sut, rng):
    for dtype in ("float64", "float32"):
        for sizes, n_heads in (
            ((2, 5, 7, 4, 6, 3), 3),
            ((4, 4, 4, 4, 4, 4), 2),
            ((3, 2, 5, 9, 8, 6), 4),
            ((1, 9, 9, 3, 6, 12), 1),
        ):
            try_call(sut, draw(rng, sizes, dtype), n_heads)


@check("every size may be 1")
def size_one(sut, rng):
    cases = (
        ((1, 1, 1, 1, 1, 1), 1),
        ((1, 3, 4, 2, 1, 2), 1),
        ((2, 1, 1, 3, 4, 1), 2),
        ((1, 1, 3, 4, 4, 3), 4),
        ((3, 2, 2, 1, 4, 2), 2),
        ((1, 2, 3, 2, 4, 1), 1),
        ((2, 3, 3, 5, 3, 2), 3),
    )
    for sizes, n_heads in cases:
        try_call(sut, draw(rng, sizes, blocks=1), n_heads)
    given = draw(rng, (2, 3, 5, 4, 6, 5))
    is_sane(sut.gpt_forward(*given, 3), given, 3)


# ---- what is refused


@check("more tokens than pos has rows are a ValueError")
def too_long(sut, rng):
    for b, t, t_max in ((2, 4, 3), (1, 6, 2), (3, 3, 1), (1, 2, 1)):
        raises(ValueError, sut.gpt_forward, *draw(rng, (b, t, t_max, 5, 6, 3)), 2)


@check("n_heads that does not divide D is a ValueError", weight=0.5)
def indivisible(sut, rng):
    for d, n_heads in ((6, 4), (4, 3), (3, 6), (5, 2)):
        for b, t in ((2, 3), (n_heads, n_heads)):
            raises(ValueError, sut.gpt_forward, *draw(rng, (b, t, t + 1, 5, d, 3)), n_heads)


# ---- dtypes, and what a call leaves behind


@check("tokens may be int32 or int64", weight=0.5)
def token_dtypes(sut, rng):
    tokens, params = draw(rng, (2, 4, 5, 6, 6, 5))
    long, short = (sut.gpt_forward(tokens.astype(kind), params, 2) for kind in (np.int64, np.int32))
    is_sane(long, (tokens, params), 2)
    close(short, long, what="your result for int32 tokens, compared with that for the same as int64,")


@check("the result has the dtype of tok")
def dtype_kept(sut, rng):
    for dtype in ("float64", "float32"):
        given = draw(rng, (2, 3, 4, 5, 6, 4), dtype)
        out = sut.gpt_forward(*given, 2)
        is_sane(out, given, 2)
        same_dtype(out, given[1]["tok"], what=f"your result for {shown(*given, 2)}")


@check("tokens and params are left as they were", weight=2)
def inputs_unchanged(sut, rng):
    for dtype, n_heads, b, t in (
        ("float64", 1, 2, 3),
        ("float32", 2, 2, 3),
        ("float64", 3, 1, 4),
        ("float64", 2, 1, 1),
    ):
        given = draw(rng, (b, t, 4, 5, 6, 4), dtype)
        is_sane(unchanged(sut, sut.gpt_forward, *given, n_heads), given, n_heads)


@check("inputs may be views: transposed arrays give the same as their copies", weight=0.5)
def views(sut, rng):
    tokens, params = draw(rng, (2, 3, 4, 5, 6, 4))
    blocks = [{name: turned(sut, array) for name, array in block.items()} for block in params["blocks"]]
    others = {name: turned(sut, array) for name, array in params.items() if name != "blocks"}
    out = sut.gpt_forward(transposed(sut, tokens), others | {"blocks": blocks}, 2)
    is_sane(out, (tokens, params), 2)
    what = "your result for transposed views, compared with that for copies of them,"
    close(out, sut.gpt_forward(tokens, params, 2), what=what)


def turned(sut, array):
    return transposed(sut, array) if array.ndim > 1 else array


@check("a later call does not change an earlier result")
def earlier_result_kept(sut, rng):
    for dtype in ("float64", "float32"):
        given, later = draw(rng, (2, 3, 4, 5, 6, 4), dtype), draw(rng, (2, 3, 4, 5, 6, 4), dtype)
        is_sane(sut.gpt_forward(*given, 2), given, 2)
        keeps_earlier_result(sut, sut.gpt_forward, (*given, 2), (*later, 2))


@check("a call depends on nothing but its arguments, as they are now")
def no_memory(sut, rng):
    given, other = draw(rng, (2, 3, 4, 5, 6, 4)), draw(rng, (2, 3, 4, 5, 6, 4))
    first = sut.gpt_forward(*given, 2)
    is_sane(first, given, 2)
    differ(sut.gpt_forward(*given, 3), first, "with 3 heads and with 2")
    differ(sut.gpt_forward(*other, 2), first, "with other inputs of the same shapes")
    equal(sut.gpt_forward(*given, 2), first, what="your result for the same arguments, after other calls,")
    tokens, params = sut.put((given[0] * 0 + np.arange(3)) % 5), sut.put(given[1])
    before = sut.gpt_forward(tokens, params, 2)
    for place, name in [(None, name) for name in given[1] if name != "blocks"] + list(block_names(given[1])):
        holder, new = (params, other[1]) if place is None else (params["blocks"][place], other[1]["blocks"][place])
        sut.write(holder[name], new[name])
        after = sut.gpt_forward(tokens, params, 2)
        differ(after, before, f"before and after `{name}` was given other elements")
        before = after


def block_names(params):
    """(place, name) of the arrays of blocks that have a say; bk adds the same to all scores of a query."""
    for place, block in enumerate(params["blocks"]):
        for name in block:
            if name != "bk":
                yield place, name


def differ(one, two, what):
    """Fail two results that are equal where the inputs are not."""
    close(one.shape, two.shape, what=f"the shape of your result {what}")
    if np.allclose(one, two, rtol=1e-6, atol=0):
        fail(f"Two calls {what} gave the same result.")


@scaling("one block over T tokens", sizes=(128, 256, 512, 1024), name="T", growth="quadratic")
def cost(sut, rng, size):
    tokens, params = draw(rng, (1, size, size, 32, 16, 32), blocks=1, spread=1.0)
    held = sut.put(tokens), sut.put(params)
    return lambda: sut.keep.gpt_forward(*held, 2)
