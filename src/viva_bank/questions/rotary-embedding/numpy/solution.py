"""Rotary position embedding in NumPy, for pairs of neighbouring columns.

Source: Su et al., RoFormer: Enhanced Transformer with Rotary Position Embedding, section 3.2 and equation 34
(https://arxiv.org/abs/2104.09864).
"""

import numpy as np


def apply_rotary(x, positions, base=10000.0):
    """x (B, H, T, D), positions (T,) -> (B, H, T, D)"""
    d = x.shape[-1]

    # Pair 0 turns by one radian a position, the last pair about base times more slowly: near and far distances both show.
    speed = base ** (-np.arange(0, d, 2) / d)  # (D/2,), float64
    angle = positions[:, None] * speed  # (T, D/2): no batch and no head, it broadcasts against both
    cos, sin = np.cos(angle).astype(x.dtype), np.sin(angle).astype(x.dtype)  # float64 angles must not widen a float32 x

    u, v = x[..., 0::2], x[..., 1::2]  # (B, H, T, D/2) each: first and second coordinate of every pair
    out = np.empty_like(x)
    out[..., 0::2] = u * cos - v * sin
    out[..., 1::2] = u * sin + v * cos  # u is still the old one: x itself was not written to
    return out
