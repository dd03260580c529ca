"""Sinusoidal positions in NumPy.

Source: Vaswani et al., Attention Is All You Need, section 3.5 (https://arxiv.org/abs/1706.03762).
"""

import numpy as np


def sinusoidal_positions(length, dim, base=10000.0):
    """-> (length, dim), float64"""
    # One speed for each pair of columns, falling from 1 to nearly 1 / base: the first pair tells neighbours apart, the last
    # one changes so little that it tells beginning from end.
    pairs = np.arange(0, dim, 2)  # 2i for each pair, (dim + 1) // 2 of them
    speeds = base ** (-pairs / dim)  # (pairs,)

    angles = np.arange(length)[:, None] * speeds  # (length, 1) * (pairs,) -> (length, pairs)

    table = np.empty((length, dim))
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles[:, : dim // 2])  # an odd dim ends with a sine, so the last angle has no cosine
    return table
