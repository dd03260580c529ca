# framework: numpy
# expect: correctness < 0.95
# expect: fails == inputs_unchanged, no_alias
# fault: result-in-x: the result was written into x
import math

import numpy as np


def multi_head_attention(x, wq, wk, wv, wo, n_heads, mask=None):
    b, t, width = x.shape
    if width % n_heads:
        raise ValueError("n_heads must divide D")
    d = width // n_heads
    q, k, v = [(x @ w).reshape(b, t, n_heads, d).transpose(0, 2, 1, 3) for w in (wq, wk, wv)]
    scores = q @ k.transpose(0, 1, 3, 2) / math.sqrt(d)
    if mask is not None:
        scores = np.where(np.broadcast_to(mask, (b, t, t))[:, None], scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores - np.where(np.isinf(top), 0, top))
    total = weights.sum(axis=-1, keepdims=True)
    context = weights @ v / np.where(total > 0, total, 1)
    x[...] = context.transpose(0, 2, 1, 3).reshape(b, t, width) @ wo
    return x
