# framework: numpy
# expect: correctness < 0.7
# expect: fails == size_one, example_masked, masked, mask_broadcast, hidden_high, seen_low, hidden_high_seen_low, example_empty, empty_rows_finite, empty_rows
# fault: mask-inverted: True in the mask was taken for "hidden"
import math

import numpy as np


def attention(q, k, v, mask=None):
    work = np.result_type(q.dtype, np.float32)
    scores = q.astype(work) @ np.swapaxes(k, -1, -2).astype(work) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = np.where(mask, -np.inf, scores)
    top = scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores - np.where(np.isinf(top), 0, top))
    total = weights.sum(axis=-1, keepdims=True)
    return (weights @ v.astype(work) / np.where(total > 0, total, 1)).astype(q.dtype)
