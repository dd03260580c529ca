# framework: numpy
# expect: correctness < 0.7
# expect: fails == example, scale, sizes, leading_axes, size_one, large_scores, masked, mask_broadcast, hidden_high, seen_low, half
# fault: missing-scale: the scores were not divided by the square root of d
import numpy as np


def attention(q, k, v, mask=None):
    work = np.result_type(q.dtype, np.float32)
    scores = np.einsum("...id,...jd->...ij", q.astype(work), k.astype(work))
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores - np.where(np.isinf(top), 0, top))
    total = weights.sum(axis=-1, keepdims=True)
    return (weights @ v.astype(work) / np.where(total > 0, total, 1)).astype(q.dtype)
