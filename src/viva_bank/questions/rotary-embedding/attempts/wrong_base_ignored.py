# framework: numpy
# expect: correctness < 0.79
# expect: fails == example, speeds, base_given, base_default, no_memory
# fault: base-ignored: 10000 was used whatever base is
import numpy as np


def apply_rotary(x, positions, base=10000.0):
    d = x.shape[-1]
    speed = 10000.0 ** (-np.arange(0, d, 2) / d)
    angle = positions[:, None] * speed
    cos, sin = np.cos(angle).astype(x.dtype), np.sin(angle).astype(x.dtype)
    u, v = x[..., 0::2], x[..., 1::2]
    out = np.empty_like(x)
    out[..., 0::2], out[..., 1::2] = u * cos - v * sin, u * sin + v * cos
    return out
