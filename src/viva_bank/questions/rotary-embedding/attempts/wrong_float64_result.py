# framework: numpy
# expect: correctness < 0.99
# expect: fails == dtype_kept
# fault: dtype-drift: the result came in another dtype than x
import numpy as np


def apply_rotary(x, positions, base=10000.0):
    d = x.shape[-1]
    speed = base ** (-np.arange(0, d, 2) / d)
    angle = positions[:, None] * speed
    cos, sin = np.cos(angle), np.sin(angle)
    u, v = x[..., 0::2], x[..., 1::2]
    return np.stack([u * cos - v * sin, u * sin + v * cos], axis=-1).reshape(x.shape)
