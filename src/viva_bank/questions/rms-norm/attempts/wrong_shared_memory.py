# framework: numpy
# expect: correctness < 0.95
# expect: fails == inputs_unchanged, no_alias
# fault: shared-memory: the result is the caller's own array, overwritten
import numpy as np


def rms_norm(x, weight, eps=1e-6):
    wide = x.astype(np.float64)
    x[...] = wide / np.sqrt((wide * wide).mean(axis=-1, keepdims=True) + eps) * weight
    return x
