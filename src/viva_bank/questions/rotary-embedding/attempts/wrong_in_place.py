# framework: numpy
# expect: correctness < 0.95
# expect: fails == inputs_unchanged
# fault: in-place: x was overwritten
import numpy as np


def apply_rotary(x, positions, base=10000.0):
    d = x.shape[-1]
    speed = base ** (-np.arange(0, d, 2) / d)
    angle = positions[:, None] * speed
    cos, sin = np.cos(angle).astype(x.dtype), np.sin(angle).astype(x.dtype)
    u, v = x[..., 0::2], x[..., 1::2]
    first = u.copy()
    x[..., 0::2], x[..., 1::2] = u * cos - v * sin, first * sin + v * cos
    return x.copy()
