# framework: numpy
# expect: correctness < 0.98
# expect: fails == no_alias
# fault: shared-memory: the result shared its memory with an input
import math

import numpy as np


def attention(q, k, v, mask=None):
    if mask is None and k.shape[-2] == 1:
        return np.repeat(v, q.shape[-2], axis=-2) if q.shape[-2] > 1 else v  # one key: all weights are 1
    work = np.result_type(q.dtype, np.float32)
    scores = q.astype(work) @ np.swapaxes(k, -1, -2).astype(work) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores - np.where(np.isinf(top), 0, top))
    total = weights.sum(axis=-1, keepdims=True)
    return (weights @ v.astype(work) / np.where(total > 0, total, 1)).astype(q.dtype)
