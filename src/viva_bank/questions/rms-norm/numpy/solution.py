"""RMS normalisation in NumPy.

Source: Zhang and Sennrich, Root Mean Square Layer Normalization (https://arxiv.org/abs/1910.07467), equation 4, with eps
inside the root as released models have it.
"""

import numpy as np


def rms_norm(x, weight, eps=1e-6):
    """x (..., D), weight (D,) -> (..., D) in x's dtype"""
    # float16 ends at 65504 and its steps begin at 6e-8: squares of 256 or of 1e-4 are lost in it. So go up before squaring.
    wide = x.astype(np.result_type(x.dtype, np.float32))  # (..., D)

    mean_square = np.mean(wide * wide, axis=-1, keepdims=True)  # (..., 1)
    normed = wide / np.sqrt(mean_square + eps)  # (..., D); eps decides only for rows that are almost zero

    return (normed * weight).astype(x.dtype)  # last, because weight may be wider than x
