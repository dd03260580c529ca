"""Causal attention weights with padding and a sliding window, in PyTorch.

Sources: Vaswani et al., Attention Is All You Need, section 3.2.3 (https://arxiv.org/abs/1706.03762); Beltagy et al., Longformer,
section 3.1 (https://arxiv.org/abs/2004.05150), whose window looks both ways, this one only back.
"""

import math

import torch


def causal_weights(scores, lengths=None, window=None):
    """scores (B, H, T, T), lengths (B,), window an integer -> (B, H, T, T)"""
    positions = torch.arange(scores.shape[-1])
    i, j = positions[:, None], positions  # (T, 1) who looks, (T,) who is looked at

    may_look = j <= i  # (T, T)
    if window is not None:
        may_look = may_look & (j > i - window)
    if lengths is not None:
        n = lengths[:, None, None, None]  # (B, 1, 1, 1): texts differ, heads do not
        may_look = may_look & (j < n) & (i < n)  # (B, 1, T, T); a position of padding neither looks nor is looked at

    # Hide before the softmax, so that a hidden score is neither the maximum nor in the sum. float16 is worked on in float32.
    seen = scores.to(torch.promote_types(scores.dtype, torch.float32)).masked_fill(~may_look, -math.inf)

    # The softmax of a row that may look at nothing is 0 / 0; such rows are zeros.
    weights = torch.softmax(seen, dim=-1)  # (B, H, T, T)
    return weights.masked_fill(~may_look, 0).to(scores.dtype)
