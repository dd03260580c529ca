# framework: numpy
# expect: correctness < 0.98
# expect: fails == inputs_unchanged
# fault: in-place: an input was changed in place
import math

import numpy as np


def attention(q, k, v, mask=None):
    q /= math.sqrt(math.sqrt(q.shape[-1]))
    k /= math.sqrt(math.sqrt(k.shape[-1]))
    work = np.result_type(q.dtype, np.float32)
    scores = q.astype(work) @ np.swapaxes(k, -1, -2).astype(work)
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores - np.where(np.isinf(top), 0, top))
    total = weights.sum(axis=-1, keepdims=True)
    return (weights @ v.astype(work) / np.where(total > 0, total, 1)).astype(q.dtype)
