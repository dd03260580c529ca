# framework: numpy
# expect: correctness < 0.95
# expect: fails == example_empty, empty_rows
# fault: uniform-rows: a query that may look at nothing got the mean of all values instead of zeros
import math

import numpy as np


def attention(q, k, v, mask=None):
    work = np.result_type(q.dtype, np.float32)
    scores = q.astype(work) @ np.swapaxes(k, -1, -2).astype(work) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -1e9)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    return (weights @ v.astype(work)).astype(q.dtype)
