# framework: numpy
# expect: correctness < 0.95
# expect: fails == large_scores, hidden_high, seen_low, hidden_high_seen_low
# fault: overflow: the exponentials of large scores overflowed, as nothing was subtracted before them
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
    weights = np.exp(scores)
    total = weights.sum(axis=-1, keepdims=True)
    context = weights @ v / np.where(total > 0, total, 1)
    return context.transpose(0, 2, 1, 3).reshape(b, t, width) @ wo
