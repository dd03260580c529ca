# framework: numpy
# expect: correctness < 0.95
# expect: fails == example_empty, empty_rows_finite, empty_rows
# fault: nan-rows: a position that may look at nothing was divided by zero and gave NaN
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
    weights = np.exp(scores - top)
    total = weights.sum(axis=-1, keepdims=True)
    context = weights @ v / total
    return context.transpose(0, 2, 1, 3).reshape(b, t, width) @ wo
