# framework: numpy
# expect: correctness < 0.9
# expect: fails == half_overflow, half_underflow
# fault: half-squares: squares were taken in float16, where they overflow or vanish
import numpy as np


def rms_norm(x, weight, eps=1e-6):
    mean = np.mean(x * x, axis=-1, keepdims=True, dtype=np.result_type(x.dtype, np.float32))
    return (x / np.sqrt(mean + eps) * weight).astype(x.dtype)
