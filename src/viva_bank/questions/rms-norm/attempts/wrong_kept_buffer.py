# framework: numpy
# expect: correctness < 0.99
# expect: fails == earlier_result_kept
# fault: kept-buffer: one array was used for the results of all calls of one shape
import numpy as np

_buffers = {}


def rms_norm(x, weight, eps=1e-6):
    y = x.astype(np.result_type(x.dtype, np.float32))
    out = _buffers.setdefault((x.shape, x.dtype), np.empty(x.shape, x.dtype))
    out[...] = y / np.sqrt((y * y).mean(axis=-1, keepdims=True) + eps) * weight
    return out
