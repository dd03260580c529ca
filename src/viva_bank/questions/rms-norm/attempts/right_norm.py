# framework: numpy
# expect: correctness == 1
# expect: ended == finished
# Normalises in float32, rounds to x's dtype, and applies the weight to that, as released models do.
import numpy as np


def rms_norm(x, weight, eps=1e-6):
    work = x if x.dtype == np.float64 else x.astype(np.float32)
    mean_square = np.linalg.norm(work, axis=-1, keepdims=True) ** 2 / work.shape[-1]
    normed = (work * (mean_square + work.dtype.type(eps)) ** -0.5).astype(x.dtype)
    return (normed * weight).astype(x.dtype)
