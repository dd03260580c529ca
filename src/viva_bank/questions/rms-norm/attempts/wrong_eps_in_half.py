# framework: numpy
# expect: correctness < 0.99
# expect: fails == half_eps
# fault: eps-in-half: eps was brought to float16, where a small one is 0
import numpy as np


def rms_norm(x, weight, eps=1e-6):
    y = x.astype(np.result_type(x.dtype, np.float32))
    return (y / np.sqrt((y * y).mean(axis=-1, keepdims=True) + np.array(eps, x.dtype)) * weight).astype(x.dtype)
