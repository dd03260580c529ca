# framework: numpy
# expect: correctness < 0.99
# expect: fails == no_memory
# fault: leftover: a call used what an earlier call had left behind
import math

import numpy as np

_last = [None]


def attention(q, k, v, mask=None):
    work = np.result_type(q.dtype, np.float32)
    scores = q.astype(work) @ np.swapaxes(k, -1, -2).astype(work) / math.sqrt(q.shape[-1])
    earlier, _last[0] = _last[0], mask
    if mask is None and earlier is not None and earlier.shape == scores.shape:
        mask = earlier
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores - np.where(np.isinf(top), 0, top))
    total = weights.sum(axis=-1, keepdims=True)
    return (weights @ v.astype(work) / np.where(total > 0, total, 1)).astype(q.dtype)
