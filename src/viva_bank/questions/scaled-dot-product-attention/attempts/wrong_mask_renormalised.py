# framework: numpy
# expect: correctness < 0.99
# expect: fails == hidden_high, hidden_high_seen_low
# fault: mask-after-maximum: hidden keys were still in the softmax when its maximum was taken, and were only divided out afterwards
import math

import numpy as np


def attention(q, k, v, mask=None):
    work = np.result_type(q.dtype, np.float32)
    scores = q.astype(work) @ np.swapaxes(k, -1, -2).astype(work) / math.sqrt(q.shape[-1])
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    if mask is not None:
        weights = weights * mask
    total = weights.sum(axis=-1, keepdims=True)
    weights = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    return (weights @ v.astype(work)).astype(q.dtype)
