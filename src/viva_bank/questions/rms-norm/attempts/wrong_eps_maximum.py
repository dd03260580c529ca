# framework: numpy
# expect: correctness < 0.9
# expect: fails == example_eps, eps_inside, far_sizes, no_memory
# fault: eps-as-floor: eps was a lower limit of the mean of squares, and not added to it
import numpy as np


def rms_norm(x, weight, eps=1e-6):
    y = x.astype(np.result_type(x.dtype, np.float32))
    return (y / np.sqrt(np.maximum((y * y).mean(axis=-1, keepdims=True), eps)) * weight).astype(x.dtype)
