# framework: numpy
# expect: correctness < 0.95
# expect: fails == half_overflow
# fault: half-overflow: squares in float16 were kept from overflowing by a limit
import numpy as np


def rms_norm(x, weight, eps=1e-6):
    square = np.minimum(x.astype(np.result_type(x.dtype, np.float32)) ** 2, np.finfo(x.dtype).max)
    return (x / np.sqrt(np.mean(square, axis=-1, keepdims=True) + eps) * weight).astype(x.dtype)
