# framework: numpy
# expect: correctness < 0.85
# expect: fails == leading_axes, rows_apart, size_one, half
# fault: axis-one: axis 1 was taken for the last one
import numpy as np


def rms_norm(x, weight, eps=1e-6):
    y = x.astype(np.result_type(x.dtype, np.float32))
    return (y / np.sqrt((y * y).mean(axis=1 if y.ndim > 1 else 0, keepdims=True) + eps) * weight).astype(x.dtype)
