# framework: numpy
# expect: correctness < 0.9
# expect: fails == example_masked, masked_weights_sum, masked, mask_of_texts, mask_of_padding, mask_broadcast, hidden_high, seen_low, hidden_high_seen_low
# fault: mask-after-softmax: the mask came after the softmax, so the weights that are left no longer sum to one
import math

import numpy as np


def multi_head_attention(x, wq, wk, wv, wo, n_heads, mask=None):
    b, t, width = x.shape
    if width % n_heads:
        raise ValueError("n_heads must divide D")
    d = width // n_heads
    q, k, v = [(x @ w).reshape(b, t, n_heads, d).transpose(0, 2, 1, 3) for w in (wq, wk, wv)]
    scores = q @ k.transpose(0, 1, 3, 2) / math.sqrt(d)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    if mask is not None:
        weights = weights * np.broadcast_to(mask, (b, t, t))[:, None]
    return (weights @ v).transpose(0, 2, 1, 3).reshape(b, t, width) @ wo
