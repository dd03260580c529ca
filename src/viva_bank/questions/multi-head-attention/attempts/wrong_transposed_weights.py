# framework: numpy
# expect: correctness < 0.5
# expect: fails == example, example_masked, one_position, weights_sum, split_and_join, one_head, slices, scale, sizes_differ, size_one, large_scores, masked_weights_sum, masked, mask_of_texts, mask_of_padding, mask_broadcast, hidden_high, seen_low, hidden_high_seen_low
# fault: weights-transposed: weights were applied as x @ w.T
import math

import numpy as np


def multi_head_attention(x, wq, wk, wv, wo, n_heads, mask=None):
    b, t, width = x.shape
    if width % n_heads:
        raise ValueError("n_heads must divide D")
    d = width // n_heads
    q, k, v = [(x @ w.T).reshape(b, t, n_heads, d).transpose(0, 2, 1, 3) for w in (wq, wk, wv)]
    scores = q @ k.transpose(0, 1, 3, 2) / math.sqrt(d)
    if mask is not None:
        scores = np.where(np.broadcast_to(mask, (b, t, t))[:, None], scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores - np.where(np.isinf(top), 0, top))
    total = weights.sum(axis=-1, keepdims=True)
    context = weights @ v / np.where(total > 0, total, 1)
    return context.transpose(0, 2, 1, 3).reshape(b, t, width) @ wo.T
