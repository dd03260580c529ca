"""Checks of attention with a cache. Law: prefill alone, steps alone and both together are tried apart; what one object keeps is
tried apart from what it computes. Expected values are worked out one position of one head at a time, over the whole text.
"""

import math

import numpy as np

from viva_check import check, close, equal, fail, raises, same_dtype, scaling

requires = ("CachedAttention",)

FLOATS = ("float64", "float32")


def right(given, x, n_heads):
    """The right result in float64 for the whole text x (B, T, D); `given` are the four weights."""
    wq, wk, wv, wo = (np.asarray(w, np.float64) for w in given)
    x = np.asarray(x, np.float64)
    b, t, d_model = x.shape
    d = d_model // n_heads
    q, k, v = x @ wq, x @ wk, x @ wv
    context = np.zeros(x.shape)
    for text, i, head in np.ndindex(b, t, n_heads):
        own = slice(head * d, (head + 1) * d)
        numbers = [math.fsum(q[text, i, own] * k[text, j, own]) / math.sqrt(d) for j in range(i + 1)]
        powers = [math.exp(number - max(numbers)) for number in numbers]
        context[text, i, own] = sum(p * v[text, j, own] for j, p in enumerate(powers)) / math.fsum(powers)
    return context @ wo


def draw(rng, b, t, d_model, dtype="float64"):
    """Random ((wq, wk, wv, wo), x); scores are of ordinary size."""
    weights = tuple((rng.normal(size=(d_model, d_model)) * 1.3 / math.sqrt(d_model)).astype(dtype) for _ in range(4))
    return weights, rng.normal(size=(b, t, d_model)).astype(dtype)


def feed(layer, x, first, why):
    """The results for x, the first `first` positions by prefill (0: none), the others by steps, joined."""
    b, t, d_model = x.shape
    parts = []
    if first:
        parts.append(shaped(layer.prefill(x[:, :first]), (b, first, d_model), f"prefill, {why}"))
    parts += [
        shaped(layer.step(x[:, i : i + 1]), (b, 1, d_model), f"step {i - first + 1}, {why}") for i in range(first, t)
    ]
    return np.concatenate(parts, axis=1)


def shaped(out, shape, what):
    """The result, which must be an array of this shape without NaN."""
    if not isinstance(out, np.ndarray) or out.shape != shape:
        found = f"an array of shape {out.shape}" if isinstance(out, np.ndarray) else f"a {type(out).__name__}"
        fail(f"In {what}, an array of shape {shape} was expected, and {found} came.")
    if not np.isfinite(np.asarray(out, np.float64)).all():
        fail(f"In {what}, the result contains NaN or infinity.")
    return out


def shown(x, n_heads, first):
    b, t, d_model = x.shape
    how = (
        f"{first} by prefill, {t - first} by step"
        if first and first < t
        else "prefill alone"
        if first
        else "steps alone"
    )
    return f"B = {b}, D = {d_model}, {n_heads} heads, {t} positions ({how}), {x.dtype}"


def try_text(sut, weights, x, n_heads, first):
    """A whole text through a new object, compared with one causal pass."""
    why = shown(x, n_heads, first)
    out = feed(sut.CachedAttention(*weights, n_heads), x, first, why)
    close(out, right(weights, x, n_heads), dtype=x.dtype, what=f"your result for {why}")


# ---- the statement's example


@check("the statement's example: prefill, then a step", visible=True)
def example(sut):
    layer = mean_layer(sut)
    out = layer.prefill(np.array([[[1.0, 0.0, 0.0, 3.0], [3.0, 0.0, 2.0, 0.0]]]))
    close(out, np.array([[[2.0, 0.0, 0.0, 6.0], [4.0, 0.0, 2.0, 3.0]]]), what="the result of prefill")
    close(layer.step(new()), np.array([[[4.0, 4.0, 2.0, 2.0]]]), what="the result of step")


@check("the statement's example: reset, then a step on the empty cache", visible=True)
def example_reset(sut):
    layer = mean_layer(sut)
    layer.prefill(np.array([[[1.0, 0.0, 0.0, 3.0], [3.0, 0.0, 2.0, 0.0]]]))
    layer.reset()
    close(layer.step(new()), np.array([[[4.0, 12.0, 2.0, 0.0]]]), what="the result of step after reset")


def mean_layer(sut):
    eye, zero = np.eye(4), np.zeros((4, 4))
    return sut.CachedAttention(zero, eye, eye, 2 * eye, n_heads=2)


def new():
    return np.array([[[2.0, 6.0, 1.0, 0.0]]])


# ---- values


@check("prefill alone: causal multi-head attention", weight=2)
def prefill_values(sut, rng):
    for dtype in FLOATS:
        for b, t, d_model, n_heads in ((2, 4, 6, 3), (3, 2, 4, 1), (1, 5, 4, 2), (2, 2, 2, 2), (3, 3, 3, 3)):
            try_text(sut, *draw(rng, b, t, d_model, dtype), n_heads, t)


@check("steps alone, on a cache that is empty at first", weight=2)
def step_values(sut, rng):
    for dtype in FLOATS:
        for b, t, d_model, n_heads in ((2, 4, 6, 3), (3, 2, 4, 1), (1, 5, 4, 2), (2, 2, 2, 2)):
            try_text(sut, *draw(rng, b, t, d_model, dtype), n_heads, 0)


@check("prefill, then steps: joined, they are one causal pass over the whole text", weight=3)
def joined(sut, rng):
    for dtype in FLOATS:
        for first in (1, 2, 4):
            for b, t, d_model, n_heads in ((2, 6, 6, 2), (3, 5, 4, 4)):
                try_text(sut, *draw(rng, b, t, d_model, dtype), n_heads, first)


@check("with one position there is nothing to weigh: the result is x @ wv @ wo")
def one_position(sut, rng):
    for b, d_model, n_heads in ((2, 6, 2), (1, 3, 3), (3, 4, 1)):
        (wq, wk, wv, wo), x = draw(rng, b, 1, d_model)
        for name in ("prefill", "step"):
            out = getattr(sut.CachedAttention(wq, wk, wv, wo, n_heads), name)(x)
            close(out, x @ wv @ wo, what=f"the result of {name} with one position")


@check("every size may be 1")
def size_one(sut, rng):
    for b, t, d_model, n_heads in ((1, 1, 1, 1), (1, 3, 1, 1), (2, 1, 2, 1), (1, 2, 2, 2), (3, 2, 1, 1)):
        for first in {0, 1, t}:
            try_text(sut, *draw(rng, b, t, d_model), n_heads, first)


@check("with one head: scores are divided by the root of D")
def one_head(sut, rng):
    for d_model in (3, 4, 7):
        for first in (0, 2):
            try_text(sut, *draw(rng, 2, 4, d_model), 1, first)


@check("heads are slices of columns side by side, each with scores divided by the root of its own width", weight=2)
def heads(sut, rng):
    for d_model, n_heads in ((4, 2), (6, 2), (6, 3), (8, 4)):
        for first in (0, 3):
            try_text(sut, *draw(rng, 2, 4, d_model), n_heads, first)


@check("no result depends on a later position")
def causal(sut, rng):
    weights, x = draw(rng, 2, 5, 4)
    other = x.copy()
    other[:, 3:] = rng.normal(size=(2, 2, 4))
    one = feed(sut.CachedAttention(*weights, 2), x, 5, "all by prefill")
    two = feed(sut.CachedAttention(*weights, 2), other, 5, "all by prefill")
    close(two[:, :3], one[:, :3], what="the result of positions 0 to 2, when later positions are others,")
    if np.allclose(one[:, 3:], two[:, 3:]):
        fail("The results of positions 3 and 4 stay the same when these positions are others.")


@check("a step looks at every earlier position, the first and the last")
def looks_back(sut, rng):
    weights, x = draw(rng, 1, 6, 4)
    last = feed(sut.CachedAttention(*weights, 2), x, 3, "3 by prefill, 3 by step")[:, -1]
    for changed in (0, 2, 3, 4):
        other = x.copy()
        other[:, changed] = rng.normal(size=4) * 2
        if np.allclose(feed(sut.CachedAttention(*weights, 2), other, 3, "the same")[:, -1], last):
            fail(f"The last of three steps gives the same when position {changed} (of 6) is another.")


@check("texts of a batch do not see each other")
def texts_apart(sut, rng):
    weights, x = draw(rng, 3, 4, 4)
    whole = feed(sut.CachedAttention(*weights, 2), x, 2, "three texts")
    for text in range(3):
        alone = feed(sut.CachedAttention(*weights, 2), x[text : text + 1], 2, "one of the texts by itself")
        close(alone[0], np.asarray(whole[text], np.float64), what=f"the result of text {text} by itself")


@check("scores up to 10000, in float32 up to 100, neither overflow nor lose what sets them apart")
def large_scores(sut, rng):
    for first, dtype, size in ((0, "float64", 9000), (3, "float64", 9000), (0, "float32", 90), (3, "float32", 90)):
        # One head, positions are unit vectors, keys the positions themselves: scores are rows of wq, far apart, so that
        # one position takes all, whatever they are divided by.
        order = rng.permutation(8)[:5]
        x = np.stack([np.eye(8)[order], np.eye(8)[order[::-1]]])
        levels = math.sqrt(8) * size * np.array([1.0, 0.7, 0.4, 0.0, -0.3, -0.6, -0.8, -1.0])
        wq = np.stack([rng.permutation(levels) for _ in range(8)])
        wv, wo = rng.uniform(1, 3, size=(8, 8)), rng.normal(size=(8, 8))
        weights = tuple(w.astype(dtype) for w in (wq, np.eye(8), wv, wo))
        try_text(sut, weights, x.astype(dtype), 1, first)


@check("a long text, step by step", weight=0.5)
def long_text(sut, rng):
    try_text(sut, *draw(rng, 1, 40, 4), 2, 3)


# ---- reset, and what objects keep


@check("after reset nothing is left of the text before", weight=2)
def reset_forgets(sut, rng):
    for first in (0, 2):
        weights, x = draw(rng, 2, 4, 4)
        before = draw(rng, 2, 3, 4)[1]
        layer = sut.CachedAttention(*weights, 2)
        feed(layer, before, first, "before reset")
        layer.reset()
        close(feed(layer, x, first, "after reset"), right(weights, x, 2), what="your result after reset")


@check("after reset, a batch of another size may follow")
def reset_batch(sut, rng):
    weights, x = draw(rng, 3, 4, 4)
    layer = sut.CachedAttention(*weights, 2)
    for size in (2, 3, 1):
        out = feed(layer, x[:size], 2, f"B = {size}")
        close(out, right(weights, x[:size], 2), what=f"your result after reset for B = {size}")
        layer.reset()


@check("reset of an empty cache changes nothing", weight=0.5)
def reset_empty(sut, rng):
    weights, x = draw(rng, 2, 3, 4)
    layer = sut.CachedAttention(*weights, 2)
    layer.reset()
    layer.reset()
    close(feed(layer, x, 1, "after two resets"), right(weights, x, 2), what="your result after two resets")


@check("two objects keep what they keep apart, whatever their weights are", weight=2)
def independent_objects(sut, rng):
    weights, x = draw(rng, 2, 4, 4)
    others, y = draw(rng, 2, 4, 4)
    one, two = sut.CachedAttention(*weights, 2), sut.CachedAttention(*others, 1)
    outs = [[], []]
    for i in range(4):
        outs[0].append(shaped(one.step(x[:, i : i + 1]), (2, 1, 4), "a step of the first object"))
        outs[1].append(shaped(two.step(y[:, i : i + 1]), (2, 1, 4), "a step of the second object"))
        if i == 1:
            sut.CachedAttention(*weights, 2).reset()
    close(np.concatenate(outs[0], axis=1), right(weights, x, 2), what="the result of one of two objects used in turn")
    close(
        np.concatenate(outs[1], axis=1),
        right(others, y, 1),
        what="the result of the other of two objects used in turn",
    )


@check("n_heads that does not divide D: ValueError, when made or at the first call")
def not_divided(sut, rng):
    for d_model, n_heads in ((4, 3), (5, 2), (2, 4)):
        weights, x = draw(rng, 1, 2, d_model)
        for first in (True, False):
            try_division(sut, weights, n_heads, x, first)
    run_once = feed(sut.CachedAttention(*draw(rng, 1, 2, 4)[0], 2), draw(rng, 1, 2, 4)[1], 1, "D = 4, 2 heads")
    if np.ptp(run_once) == 0:
        fail("Every element of a result is the same number.")


def try_division(sut, weights, n_heads, x, first):
    """ValueError from making the object, or from its first call."""

    def made_and_called():
        layer = sut.CachedAttention(*weights, n_heads)
        return layer.prefill(x) if first else layer.step(x[:, :1])

    raises(ValueError, made_and_called)


# ---- form


@check("results have the dtype of the inputs", weight=0.5)
def dtype_kept(sut, rng):
    for dtype in FLOATS:
        weights, x = draw(rng, 2, 3, 4, dtype)
        layer = sut.CachedAttention(*weights, 2)
        for name, part in (("prefill", x[:, :2]), ("step", x[:, 2:])):
            out = shaped(getattr(layer, name)(part), part.shape, name)
            if np.ptp(out) == 0:
                fail(f"Every element of the result of {name} is {out.flat[0]:g}.")
            same_dtype(out, dtype, what=f"the result of {name}")


@check("x and the weights are left as they were", weight=2)
def inputs_unchanged(sut, rng):
    for dtype in FLOATS:
        weights, x = draw(rng, 2, 4, 4, dtype)
        there = [sut.put(w) for w in weights]
        layer = sut.CachedAttention(*there, 2)
        first, last = sut.put(x[:, :3]), sut.put(x[:, 3:])
        outs = [shaped(layer.prefill(first), (2, 3, 4), "prefill"), shaped(layer.step(last), (2, 1, 4), "step")]
        if np.ptp(np.concatenate(outs, axis=1)) == 0:
            fail("Every element of the results is the same number.")
        names = ("x of prefill", "x of step", "wq", "wk", "wv", "wo")
        for name, handle, before in zip(names, (first, last, *there), (x[:, :3], x[:, 3:], *weights), strict=True):
            equal(sut.fetch(handle), before, what=f"{name}, after your code used it,")


@check("what was handed in may be written over afterwards")
def input_reused(sut, rng):
    weights, x = draw(rng, 2, 4, 4)
    layer = sut.CachedAttention(*weights, 2)
    outs = []
    for i in range(4):
        here = sut.put(x[:, i : i + 1])
        outs.append(shaped(layer.step(here), (2, 1, 4), "a step"))
        sut.write(here, rng.normal(size=(2, 1, 4)))
    what = "your result, where each x was written over after its step,"
    close(np.concatenate(outs, axis=1), right(weights, x, 2), what=what)


@check("a later call does not change an earlier result, and writing into a result changes nothing")
def results_kept(sut, rng):
    weights, x = draw(rng, 2, 5, 4)
    layer = sut.CachedAttention(*weights, 2)
    kept, seen = [], []
    for name, part in (("prefill", x[:, :2]), ("step", x[:, 2:3]), ("step", x[:, 3:4])):
        kept.append(sut.keep(getattr(layer, name))(part))
        seen.append(shaped(sut.fetch(kept[-1]), part.shape, name))
    for handle, before in zip(kept, seen, strict=True):
        equal(sut.fetch(handle), before, what="an earlier result, after later calls,")
    for handle, before in zip(kept, seen, strict=True):
        sut.write(handle, np.full(before.shape, 7.0))
    last = shaped(layer.step(x[:, 4:]), (2, 1, 4), "the last step")
    what = "the result of a step, after earlier results were written over,"
    close(last, right(weights, x, 2)[:, 4:], what=what)


@scaling("a step after T positions", sizes=(8, 32, 64, 128), name="T", growth="linear")
def cost(sut, rng, size):
    weights, x = draw(rng, 256, size, 32)
    layer = sut.CachedAttention(*(sut.put(w) for w in weights), 1)
    sut.keep(layer.prefill)(sut.put(x))
    new = sut.put(rng.normal(size=(256, 1, 32)))
    return lambda: sut.keep(layer.step)(new)
