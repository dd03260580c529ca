# framework: numpy
# expect: correctness < 0.5
# expect: fails == example, weights_sum, scale, sizes, leading_axes, size_one, large_scores, masked_weights_sum, masked, mask_broadcast, hidden_high, seen_low, hidden_high_seen_low, beside_empty_rows, half, half_overflow
# fault: softmax-axis: the softmax was taken over the queries instead of the keys
import math

import numpy as np


def attention(q, k, v, mask=None):
    work = np.result_type(q.dtype, np.float32)
    scores = q.astype(work) @ np.swapaxes(k, -1, -2).astype(work) / math.sqrt(q.shape[-1])  # (..., Tq, Tk)
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    top = scores.max(axis=-2, keepdims=True)
    weights = np.exp(scores - np.where(np.isinf(top), 0, top))
    total = weights.sum(axis=-2, keepdims=True)
    weights = weights / np.where(total > 0, total, 1)
    return (weights @ v.astype(work)).astype(q.dtype)
