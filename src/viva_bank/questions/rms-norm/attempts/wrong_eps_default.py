# framework: numpy
# expect: correctness < 0.99
# expect: fails == eps_default
# fault: other-default: eps was another than 0.000001 where none was given
import numpy as np


def rms_norm(x, weight, eps=1e-5):
    y = x.astype(np.result_type(x.dtype, np.float32))
    return (y / np.sqrt((y * y).mean(axis=-1, keepdims=True) + eps) * weight).astype(x.dtype)
