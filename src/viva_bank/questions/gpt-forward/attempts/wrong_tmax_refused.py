# framework: numpy
# expect: correctness < 0.7
# expect: fails == embedding, positions, feed_forward, gelu_large, means, one_head, heads, large_scores, later_high, seen_low, flat_rows, far_rows, logits, size_one, inputs_unchanged
# fault: one-too-strict: as many tokens as pos has rows were refused
import math

import numpy as np


def norm(z, g, h):
    return (z - z.mean(-1, keepdims=True)) / np.sqrt(z.var(-1, keepdims=True) + 1e-5) * g + h


def gelu(u):
    return 0.5 * u * (1 + np.tanh(math.sqrt(2 / math.pi) * (u + 0.044715 * u**3)))


def attention(z, p, n_heads):
    b, t, width = z.shape
    d = width // n_heads
    q, k, v = [(z @ p[w] + p[c]).reshape(b, t, n_heads, d).transpose(0, 2, 1, 3) for w, c in (("wq", "bq"), ("wk", "bk"), ("wv", "bv"))]
    scores = q @ k.transpose(0, 1, 3, 2) / math.sqrt(d)
    scores = np.where(np.tril(np.ones((t, t), dtype=bool)), scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    return (weights @ v).transpose(0, 2, 1, 3).reshape(b, t, width) @ p["wo"] + p["bo"]


def gpt_forward(tokens, params, n_heads):
    tok, pos = params["tok"], params["pos"]
    t = tokens.shape[1]
    if t >= pos.shape[0] or tok.shape[1] % n_heads:
        raise ValueError("too many tokens, or heads that do not divide the width")
    x = tok[tokens] + pos[:t]
    for p in params["blocks"]:
        x = x + attention(norm(x, p["g1"], p["h1"]), p, n_heads)
        x = x + gelu(norm(x, p["g2"], p["h2"]) @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"]
    return norm(x, params["gf"], params["hf"]) @ tok.T
