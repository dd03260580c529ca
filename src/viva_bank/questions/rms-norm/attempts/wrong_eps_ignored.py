# framework: numpy
# expect: correctness < 0.8
# expect: fails == example_eps, eps_inside, eps_default, far_sizes, half_underflow, no_memory
# fault: eps-ignored: eps was always 0.000001
import numpy as np


def rms_norm(x, weight, eps=1e-6):
    y = x.astype(np.result_type(x.dtype, np.float32))
    return (y / np.sqrt((y * y).mean(axis=-1, keepdims=True) + 1e-6) * weight).astype(x.dtype)
