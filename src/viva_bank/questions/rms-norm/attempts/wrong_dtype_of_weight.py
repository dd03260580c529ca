# framework: numpy
# expect: correctness < 0.99
# expect: fails == dtype_of_x
# fault: dtype-of-weight: the result took the dtype of a wider weight
import numpy as np


def rms_norm(x, weight, eps=1e-6):
    y = x.astype(np.result_type(x.dtype, np.float32))
    normed = (y / np.sqrt((y * y).mean(axis=-1, keepdims=True) + eps)).astype(x.dtype)
    return normed * weight
