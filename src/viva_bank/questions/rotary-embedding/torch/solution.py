"""Rotary position embedding in PyTorch, for pairs of neighbouring columns.

Source: Su et al., RoFormer: Enhanced Transformer with Rotary Position Embedding, section 3.2 and equation 34
(https://arxiv.org/abs/2104.09864).
"""

import torch


def apply_rotary(x, positions, base=10000.0):
    """x (B, H, T, D), positions (T,) -> (B, H, T, D)"""
    d = x.shape[-1]

    # Pair 0 turns by one radian a position, the last pair about base times more slowly: near and far distances both show.
    speed = base ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)  # (D/2,)
    angle = positions[:, None] * speed  # (T, D/2): no batch and no head, it broadcasts against both
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)  # float64 angles must not widen a float32 x

    u, v = x[..., 0::2], x[..., 1::2]  # (B, H, T, D/2) each: first and second coordinate of every pair
    turned = torch.stack((u * cos - v * sin, u * sin + v * cos), dim=-1)  # (B, H, T, D/2, 2): pairs stay neighbours
    return turned.flatten(-2)  # (B, H, T, D)
