# framework: numpy
# expect: correctness < 0.35
# expect: fails == example, position_zero, first_pair, speeds, values, equal_sizes, size_one, negative, far_positions, large_positions, integer_widths, base_given, any_size, zeros
# fault: mirrored: a sign was wrong, so that pairs were mirrored instead of turned
import numpy as np


def apply_rotary(x, positions, base=10000.0):
    d = x.shape[-1]
    speed = base ** (-np.arange(0, d, 2) / d)
    angle = positions[:, None] * speed
    cos, sin = np.cos(angle).astype(x.dtype), np.sin(angle).astype(x.dtype)
    u, v = x[..., 0::2], x[..., 1::2]
    out = np.empty_like(x)
    out[..., 0::2], out[..., 1::2] = u * cos + v * sin, u * sin - v * cos
    return out
