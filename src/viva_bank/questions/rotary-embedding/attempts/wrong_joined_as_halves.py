# framework: numpy
# expect: correctness < 0.29
# expect: fails == example, lengths, position_zero, first_pair, speeds, between, values, equal_sizes, size_one, negative, far_positions, large_positions, integer_widths, base_given, any_size, zeros
# fault: joined-as-halves: the turned pairs were written one half after the other instead of back as neighbours
import numpy as np


def apply_rotary(x, positions, base=10000.0):
    d = x.shape[-1]
    speed = base ** (-np.arange(0, d, 2) / d)
    angle = positions[:, None] * speed
    cos, sin = np.cos(angle).astype(x.dtype), np.sin(angle).astype(x.dtype)
    u, v = x[..., 0::2], x[..., 1::2]
    return np.concatenate([u * cos - v * sin, u * sin + v * cos], axis=-1)
