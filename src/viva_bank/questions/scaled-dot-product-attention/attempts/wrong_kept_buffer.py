# framework: numpy
# expect: correctness < 0.98
# expect: fails == earlier_result_kept
# fault: kept-buffer: the result was written into an array that the next call of the same shape writes into again
import math

import numpy as np

_buffers = {}


def attention(q, k, v, mask=None):
    work = np.result_type(q.dtype, np.float32)
    scores = q.astype(work) @ np.swapaxes(k, -1, -2).astype(work) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores - np.where(np.isinf(top), 0, top))
    total = weights.sum(axis=-1, keepdims=True)
    shape = (*q.shape[:-1], v.shape[-1])
    out = _buffers.setdefault((shape, q.dtype), np.empty(shape, q.dtype))
    out[...] = weights @ v.astype(work) / np.where(total > 0, total, 1)
    return out
