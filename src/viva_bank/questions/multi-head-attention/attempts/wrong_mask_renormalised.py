# framework: numpy
# expect: correctness < 0.95
# expect: fails == hidden_high, seen_low, hidden_high_seen_low
# fault: mask-after-maximum: hidden positions were still in the softmax when its maximum was taken, and were only divided out afterwards
import math

import numpy as np


def multi_head_attention(x, wq, wk, wv, wo, n_heads, mask=None):
    b, t, width = x.shape
    if width % n_heads:
        raise ValueError("n_heads must divide D")
    d = width // n_heads
    q, k, v = [(x @ w).reshape(b, t, n_heads, d).transpose(0, 2, 1, 3) for w in (wq, wk, wv)]
    scores = q @ k.transpose(0, 1, 3, 2) / math.sqrt(d)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    if mask is not None:
        weights = weights * np.broadcast_to(mask, (b, t, t))[:, None]
    total = weights.sum(axis=-1, keepdims=True)
    weights = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    return (weights @ v).transpose(0, 2, 1, 3).reshape(b, t, width) @ wo
