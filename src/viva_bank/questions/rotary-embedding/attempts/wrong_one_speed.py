# framework: numpy
# expect: correctness < 0.38
# expect: fails == example, speeds, values, equal_sizes, size_one, negative, far_positions, large_positions, integer_widths, base_given, base_default, any_size, zeros, no_memory
# fault: one-speed: all pairs were turned at the speed of pair 0
import numpy as np


def apply_rotary(x, positions, base=10000.0):
    d = x.shape[-1]
    speed = np.ones(d // 2) * base**0
    angle = positions[:, None] * speed
    cos, sin = np.cos(angle).astype(x.dtype), np.sin(angle).astype(x.dtype)
    u, v = x[..., 0::2], x[..., 1::2]
    out = np.empty_like(x)
    out[..., 0::2], out[..., 1::2] = u * cos - v * sin, u * sin + v * cos
    return out
