"""Causal attention weights with padding and a sliding window, in NumPy.

Sources: Vaswani et al., Attention Is All You Need, section 3.2.3 (https://arxiv.org/abs/1706.03762); Beltagy et al., Longformer,
section 3.1 (https://arxiv.org/abs/2004.05150), whose window looks both ways, this one only back.
"""

import numpy as np


def causal_weights(scores, lengths=None, window=None):
    """scores (B, H, T, T), lengths (B,), window an integer -> (B, H, T, T)"""
    positions = np.arange(scores.shape[-1])
    i, j = positions[:, None], positions  # (T, 1) who looks, (T,) who is looked at

    may_look = j <= i  # (T, T)
    if window is not None:
        may_look = may_look & (j > i - window)
    if lengths is not None:
        n = lengths[:, None, None, None]  # (B, 1, 1, 1): texts differ, heads do not
        may_look = may_look & (j < n) & (i < n)  # (B, 1, T, T); a position of padding neither looks nor is looked at

    # Hide before the softmax, so that a hidden score is neither the maximum nor in the sum. float16 is worked on in float32.
    seen = np.where(may_look, scores.astype(np.result_type(scores.dtype, np.float32)), -np.inf)

    top = seen.max(axis=-1, keepdims=True)  # (B, H, T, 1)
    top = np.where(np.isfinite(top), top, 0)  # a row that may look at nothing: -inf - (-inf) would be NaN
    powers = np.exp(seen - top)  # 0 where hidden
    total = powers.sum(axis=-1, keepdims=True)  # at least 1, or 0 for a row that may look at nothing
    return (powers / np.where(total == 0, 1, total)).astype(scores.dtype)
