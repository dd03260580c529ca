# framework: numpy
# expect: correctness < 0.98
# expect: fails == earlier_result_kept
# fault: kept-buffer: results were written into an array that later calls use again
import numpy as np

_buffers = {}


def apply_rotary(x, positions, base=10000.0):
    d = x.shape[-1]
    speed = base ** (-np.arange(0, d, 2) / d)
    angle = positions[:, None] * speed
    cos, sin = np.cos(angle).astype(x.dtype), np.sin(angle).astype(x.dtype)
    u, v = x[..., 0::2], x[..., 1::2]
    out = _buffers.setdefault((x.shape, x.dtype), np.empty_like(x))
    out[..., 0::2], out[..., 1::2] = u * cos - v * sin, u * sin + v * cos
    return out
