# framework: numpy
# expect: correctness < 0.9
# expect: fails == example_masked, masked_weights_sum, masked, mask_broadcast, hidden_high, seen_low, hidden_high_seen_low
# fault: mask-after-softmax: the mask came after the softmax, so the weights that are left no longer sum to one
import math

import numpy as np


def attention(q, k, v, mask=None):
    work = np.result_type(q.dtype, np.float32)
    q2, k2, v2 = q.astype(work), k.astype(work), v.astype(work)
    scores = q2 @ np.swapaxes(k2, -1, -2) / math.sqrt(q.shape[-1])
    scores = scores - scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores)
    weights = weights / weights.sum(axis=-1, keepdims=True)
    if mask is not None:
        weights = weights * mask
    return (weights @ v2).astype(q.dtype)
