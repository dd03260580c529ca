# framework: numpy
# expect: correctness < 0.31
# expect: fails == example, position_zero, first_pair, values, equal_sizes, size_one, negative, any_order, far_positions, large_positions, integer_widths, base_given, any_size, zeros, dtype_kept, no_alias, no_memory
# fault: positions-ignored: rows were counted from 0 and `positions` was not used
import numpy as np


def apply_rotary(x, positions, base=10000.0):
    d = x.shape[-1]
    speed = base ** (-np.arange(0, d, 2) / d)
    angle = np.arange(x.shape[-2])[:, None] * speed
    cos, sin = np.cos(angle).astype(x.dtype), np.sin(angle).astype(x.dtype)
    u, v = x[..., 0::2], x[..., 1::2]
    out = np.empty_like(x)
    out[..., 0::2], out[..., 1::2] = u * cos - v * sin, u * sin + v * cos
    return out
