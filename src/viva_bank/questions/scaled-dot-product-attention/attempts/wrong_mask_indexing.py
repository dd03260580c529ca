# framework: numpy
# expect: correctness < 0.9
# expect: fails == masked, mask_broadcast, empty_rows_finite, empty_rows
# fault: mask-not-broadcast: the mask was not broadcast to the shape of the scores by NumPy's rules
import math

import numpy as np


def attention(q, k, v, mask=None):
    work = np.result_type(q.dtype, np.float32)
    scores = q.astype(work) @ np.swapaxes(k, -1, -2).astype(work) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores[~mask] = -np.inf
    top = scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores - np.where(np.isinf(top), 0, top))
    total = weights.sum(axis=-1, keepdims=True)
    return (weights @ v.astype(work) / np.where(total > 0, total, 1)).astype(q.dtype)
