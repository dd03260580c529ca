"""Multi-head self-attention in NumPy.

Source: Vaswani et al., Attention Is All You Need, section 3.2.2 (https://arxiv.org/abs/1706.03762). All heads at once: the
weights of the heads lie side by side in one matrix, so three products project x for every head.
"""

import math

import numpy as np


def multi_head_attention(x, wq, wk, wv, wo, n_heads, mask=None):
    """x (B, T, D), weights (D, D), mask broadcastable to (B, T, T) -> (B, T, D)"""
    b, t, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide D = {d_model}")
    d = d_model // n_heads  # width of a head

    # Head h owns columns h*d to (h+1)*d. So split the last axis into (head, column in head), and bring the heads to the front.
    q, k, v = ((x @ w).reshape(b, t, n_heads, d).swapaxes(1, 2) for w in (wq, wk, wv))  # each (B, H, T, d)

    scores = q @ k.swapaxes(-1, -2) / math.sqrt(d)  # (B, H, T, T); d, not D: a dot product has d terms here

    if mask is not None:
        # The new axis must be where the heads are. Broadcast first: a mask of rank 1 or 2 has no axis to put it behind.
        mask = np.broadcast_to(mask, (b, t, t))[:, None]  # (B, 1, T, T)
        scores = np.where(mask, scores, -np.inf)

    # The softmax over the positions that are looked at.
    top = scores.max(axis=-1, keepdims=True)  # (B, H, T, 1)
    top = np.where(np.isfinite(top), top, 0)  # a row that may look at nothing: -inf - (-inf) would be NaN
    weights = np.exp(scores - top)  # (B, H, T, T), 0 where hidden
    total = weights.sum(axis=-1, keepdims=True)  # at least 1, or 0 in a row that may look at nothing
    context = weights @ v / np.where(total == 0, 1, total)  # (B, H, T, d)

    # Undo the split in the reverse order: only then do the columns of a position lie side by side again.
    joined = context.swapaxes(1, 2).reshape(b, t, d_model)  # (B, T, D)
    return joined @ wo
