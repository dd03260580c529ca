# framework: numpy
# expect: correctness < 0.98
# expect: fails == flat_rows, far_rows
# fault: negative-variance: the variance was the mean of squares less the square of the mean, which rounding makes negative
import math

import numpy as np


def norm(z, g, h, eps):
    return (z - z.mean(-1, keepdims=True)) / np.sqrt((z * z).mean(-1, keepdims=True) - z.mean(-1, keepdims=True) ** 2 + eps) * g + h


def attention(z, p, n_heads, mask):
    b, t, width = z.shape
    d = width // n_heads
    q, k, v = [(z @ p[w] + p[c]).reshape(b, t, n_heads, d).transpose(0, 2, 1, 3) for w, c in (("wq", "bq"), ("wk", "bk"), ("wv", "bv"))]
    scores = q @ k.transpose(0, 1, 3, 2) / math.sqrt(d)
    if mask is not None:
        scores = np.where(np.broadcast_to(mask, (b, t, t))[:, None], scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores - np.where(np.isinf(top), 0, top))
    total = weights.sum(axis=-1, keepdims=True)
    context = weights @ v / np.where(total > 0, total, 1)
    return context.transpose(0, 2, 1, 3).reshape(b, t, width) @ p["wo"] + p["bo"]


def forward(z, p):
    return np.maximum(z @ p["w1"] + p["b1"], 0) @ p["w2"] + p["b2"]


def encoder_layer(x, params, n_heads, mask=None, norm_first=False, eps=1e-5):
    if x.shape[-1] % n_heads:
        raise ValueError("n_heads must divide D")
    p = params
    if norm_first:
        x = x + attention(norm(x, p["g1"], p["h1"], eps), p, n_heads, mask)
        return x + forward(norm(x, p["g2"], p["h2"], eps), p)
    x = norm(x + attention(x, p, n_heads, mask), p["g1"], p["h1"], eps)
    return norm(x + forward(x, p), p["g2"], p["h2"], eps)
