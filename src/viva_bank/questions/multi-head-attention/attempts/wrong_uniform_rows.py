# framework: numpy
# expect: correctness < 0.95
# expect: fails == example_empty, empty_rows
# fault: uniform-rows: a position that may look at nothing got the mean of all values instead of zeros
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
        scores = np.where(np.broadcast_to(mask, (b, t, t))[:, None], scores, -1e9)
    top = scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores - np.where(np.isinf(top), 0, top))
    total = weights.sum(axis=-1, keepdims=True)
    context = weights @ v / np.where(total > 0, total, 1)
    return context.transpose(0, 2, 1, 3).reshape(b, t, width) @ wo
