# framework: numpy
# expect: correctness < 0.6
# expect: fails == example, leading_axes, size_one, large_scores, example_masked, masked_weights_sum, masked, mask_broadcast, hidden_high, seen_low, hidden_high_seen_low, example_empty, empty_rows_finite, empty_rows, beside_empty_rows, half, half_overflow, views, no_alias
# fault: fixed-rank: exactly one leading axis was taken for granted
import math

import numpy as np


def attention(q, k, v, mask=None):
    work = np.result_type(q.dtype, np.float32)
    q2, k2, v2 = q.astype(work), k.astype(work), v.astype(work)
    scores = q2 @ k2.transpose(0, 2, 1) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores - np.where(np.isinf(top), 0, top))
    total = weights.sum(axis=-1, keepdims=True)
    return (weights @ v2 / np.where(total > 0, total, 1)).astype(q.dtype)
