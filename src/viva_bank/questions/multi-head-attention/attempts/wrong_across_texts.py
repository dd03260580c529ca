# framework: numpy
# expect: correctness < 0.7
# expect: fails == one_position, split_and_join, one_head, slices, scale, sizes_differ, size_one, masked, mask_of_texts, mask_of_padding, mask_broadcast, hidden_high, seen_low, hidden_high_seen_low
# fault: texts-mixed: positions looked at those of other texts in the batch as well
import math

import numpy as np


def multi_head_attention(x, wq, wk, wv, wo, n_heads, mask=None):
    b, t, width = x.shape
    if width % n_heads:
        raise ValueError("n_heads must divide D")
    d = width // n_heads
    q, k, v = [(x @ w).reshape(b * t, n_heads, d).swapaxes(0, 1) for w in (wq, wk, wv)]
    scores = q @ k.swapaxes(1, 2) / math.sqrt(d)  # (H, B * T, B * T)
    if mask is not None:
        wide = np.repeat(np.broadcast_to(mask, (b, t, t)).reshape(b * t, 1, t), b, axis=1).reshape(b * t, b * t)
        scores = np.where(wide, scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores - np.where(np.isinf(top), 0, top))
    total = weights.sum(axis=-1, keepdims=True)
    context = weights @ v / np.where(total > 0, total, 1)
    return context.swapaxes(0, 1).reshape(b, t, width) @ wo
