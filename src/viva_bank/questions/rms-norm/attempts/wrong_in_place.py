# framework: numpy
# expect: correctness < 0.95
# expect: fails == inputs_unchanged
# fault: in-place: x was divided in place, in the caller's own array
import numpy as np


def rms_norm(x, weight, eps=1e-6):
    wide = x.astype(np.float64)
    x /= np.sqrt((wide * wide).mean(axis=-1, keepdims=True) + eps).astype(x.dtype)
    return (x * weight).astype(x.dtype)
