# framework: numpy
# expect: correctness < 0.95
# expect: fails == large_scores, hidden_high, half_overflow
# fault: global-maximum: the largest of all scores was subtracted instead of the largest of each query, so that other rows vanished
import math

import numpy as np


def attention(q, k, v, mask=None):
    work = np.result_type(q.dtype, np.float32)
    scores = q.astype(work) @ np.swapaxes(k, -1, -2).astype(work) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    top = scores.max()
    weights = np.exp(scores - (top if np.isfinite(top) else 0))
    total = weights.sum(axis=-1, keepdims=True)
    return (weights @ v.astype(work) / np.where(total > 0, total, 1)).astype(q.dtype)
