"""Layer normalisation in NumPy, forward and backward, one step a line.

Sources: Ba, Kiros and Hinton, Layer Normalization, section 3 (https://arxiv.org/abs/1607.06450); the chain rule through mean
and variance as in Ioffe and Szegedy, Batch Normalization, section 3 (https://arxiv.org/abs/1502.03167), here along a row.
"""

import numpy as np


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    """x (..., D), gamma (D,), beta (D,) -> y (..., D), cache"""
    # Subtract the mean first: mean(x**2) - mean(x)**2 is the same on paper, and loses all digits for rows far from zero.
    centred = x - x.mean(axis=-1, keepdims=True)  # (..., D)
    variance = np.mean(centred * centred, axis=-1, keepdims=True)  # (..., 1), divided by D
    scale = 1 / np.sqrt(variance + eps)  # (..., 1), an array, so float32 stays float32
    normed = centred * scale  # (..., D)
    return normed * gamma + beta, (normed, scale, gamma)  # x itself is not needed any more


def layer_norm_backward(dy, cache):
    """dy (..., D), cache -> dx (..., D), dgamma (D,), dbeta (D,)"""
    normed, scale, gamma = cache

    # gamma and beta are shared by all rows: what each row asks of them adds up.
    rows = tuple(range(dy.ndim - 1))  # all axes but the last; none for a single row
    dbeta = np.sum(dy, axis=rows)  # (D,)
    dgamma = np.sum(dy * normed, axis=rows)  # (D,)

    # Through y = normed * gamma + beta, then through normed = (x - mean) * scale. An element of x moves its own result, and by
    # way of mean and variance those of its whole row. Normalising cannot see a shift or a stretch of the row, so dx has no part
    # along either: subtract the part along the ones (the mean) and the part along normed.
    dnormed = dy * gamma  # (..., D)
    along_ones = dnormed.mean(axis=-1, keepdims=True)  # (..., 1)
    along_normed = np.mean(dnormed * normed, axis=-1, keepdims=True)  # (..., 1)
    dx = (dnormed - along_ones - normed * along_normed) * scale  # (..., D)
    return dx, dgamma, dbeta
