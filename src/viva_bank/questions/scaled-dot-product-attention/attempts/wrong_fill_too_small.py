# framework: numpy
# expect: correctness < 0.99
# expect: fails == seen_low, hidden_high_seen_low
# fault: fill-too-high: hidden keys got a score that is not far enough below all others
import math

import numpy as np


def attention(q, k, v, mask=None):
    work = np.result_type(q.dtype, np.float32)
    scores = q.astype(work) @ np.swapaxes(k, -1, -2).astype(work) / math.sqrt(q.shape[-1])
    see = np.ones(scores.shape, bool) if mask is None else np.broadcast_to(mask, scores.shape)
    scores = np.where(see, scores, -1e4)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    weights = np.where(see.any(axis=-1, keepdims=True), weights, 0)
    return (weights @ v.astype(work)).astype(q.dtype)
