# framework: numpy
# expect: correctness < 0.99
# expect: fails == dtype_kept, dtype_of_x
# fault: dtype-drift: the result was float64 whatever x was
import numpy as np


def rms_norm(x, weight, eps=1e-6):
    y = x.astype(np.float64)
    return y / np.sqrt((y * y).mean(axis=-1, keepdims=True) + eps) * weight
