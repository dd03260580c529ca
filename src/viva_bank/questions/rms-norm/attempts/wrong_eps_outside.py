# framework: numpy
# expect: correctness < 0.95
# expect: fails == example_eps, eps_inside, far_sizes
# fault: eps-outside: eps was added to the root instead of the mean of squares
import numpy as np


def rms_norm(x, weight, eps=1e-6):
    y = x.astype(np.result_type(x.dtype, np.float32))
    return (y / (np.sqrt((y * y).mean(axis=-1, keepdims=True)) + eps) * weight).astype(x.dtype)
