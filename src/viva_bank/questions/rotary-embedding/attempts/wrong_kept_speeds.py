# framework: numpy
# expect: correctness < 0.62
# expect: fails == speeds, between, values, equal_sizes, size_one, base_given, base_default, any_size, no_memory
# fault: leftover: a call used what an earlier call had left behind
import numpy as np

_speeds = {}


def apply_rotary(x, positions, base=10000.0):
    d = x.shape[-1]
    speed = _speeds.setdefault(d, base ** (-np.arange(0, d, 2) / d))
    angle = positions[:, None] * speed
    cos, sin = np.cos(angle).astype(x.dtype), np.sin(angle).astype(x.dtype)
    u, v = x[..., 0::2], x[..., 1::2]
    out = np.empty_like(x)
    out[..., 0::2], out[..., 1::2] = u * cos - v * sin, u * sin + v * cos
    return out
