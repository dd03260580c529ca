"""Sinusoidal positions in PyTorch.

Source: Vaswani et al., Attention Is All You Need, section 3.5 (https://arxiv.org/abs/1706.03762).
"""

import torch


def sinusoidal_positions(length, dim, base=10000.0):
    """-> (length, dim), float32"""
    # One speed for each pair of columns, falling from 1 to nearly 1 / base: the first pair tells neighbours apart, the last
    # one changes so little that it tells beginning from end.
    pairs = torch.arange(0, dim, 2, dtype=torch.float64)  # 2i for each pair, (dim + 1) // 2 of them
    speeds = base ** (-pairs / dim)  # (pairs,)

    # Angles in float64: in float32 their error grows with the position, and sine and cosine pass it on.
    angles = torch.arange(length, dtype=torch.float64)[:, None] * speeds  # (length, 1) * (pairs,) -> (length, pairs)

    table = torch.empty(length, dim)
    table[:, 0::2] = angles.sin()
    table[:, 1::2] = angles[:, : dim // 2].cos()  # an odd dim ends with a sine, so the last angle has no cosine
    return table
