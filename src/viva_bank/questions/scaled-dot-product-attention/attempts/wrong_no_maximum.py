# framework: numpy
# expect: correctness < 0.95
# expect: fails == large_scores, hidden_high, seen_low, hidden_high_seen_low, half_overflow
# fault: overflow: the exponentials of large scores overflowed, as nothing was subtracted before them
import math

import numpy as np


def attention(q, k, v, mask=None):
    scores = q.astype(np.float64) @ np.swapaxes(k, -1, -2).astype(np.float64) / math.sqrt(q.shape[-1])
    weights = np.exp(scores)
    if mask is not None:
        weights = np.where(mask, weights, 0)
    total = weights.sum(axis=-1, keepdims=True)
    weights = np.divide(weights, total, out=np.zeros_like(weights), where=total != 0)
    return (weights @ v.astype(np.float64)).astype(q.dtype)
