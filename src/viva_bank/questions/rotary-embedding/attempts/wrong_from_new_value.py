# framework: numpy
# expect: correctness < 0.32
# expect: fails == example, distance, lengths, first_pair, speeds, values, equal_sizes, size_one, negative, far_positions, large_positions, integer_widths, base_given, any_size, zeros
# fault: from-new-value: the second number of a pair was computed from the first one's new value
import numpy as np


def apply_rotary(x, positions, base=10000.0):
    d = x.shape[-1]
    speed = base ** (-np.arange(0, d, 2) / d)
    angle = positions[:, None] * speed
    cos, sin = np.cos(angle).astype(x.dtype), np.sin(angle).astype(x.dtype)
    u, v = x[..., 0::2], x[..., 1::2]
    out = x.copy()
    out[..., 0::2] = out[..., 0::2] * cos - out[..., 1::2] * sin
    out[..., 1::2] = out[..., 0::2] * sin + out[..., 1::2] * cos
    return out
