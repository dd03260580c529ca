# framework: numpy
# expect: correctness < 0.9
# expect: fails == example_empty, empty_rows_finite, empty_rows
# fault: nan-rows: a query that may look at nothing was divided by zero and gave NaN
import math

import numpy as np


def attention(q, k, v, mask=None):
    work = np.result_type(q.dtype, np.float32)
    scores = q.astype(work) @ np.swapaxes(k, -1, -2).astype(work) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    return (weights @ v.astype(work)).astype(q.dtype)
