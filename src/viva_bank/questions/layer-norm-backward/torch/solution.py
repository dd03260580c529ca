"""Layer normalisation in PyTorch, forward and backward, one step a line, without automatic differentiation.

Sources: Ba, Kiros and Hinton, Layer Normalization, section 3 (https://arxiv.org/abs/1607.06450); the chain rule through mean
and variance as in Ioffe and Szegedy, Batch Normalization, section 3 (https://arxiv.org/abs/1502.03167), here along a row.
"""

import torch


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    """x (..., D), gamma (D,), beta (D,) -> y (..., D), cache"""
    # Subtract the mean first: mean(x**2) - mean(x)**2 is the same on paper, and loses all digits for rows far from zero.
    centred = x - x.mean(dim=-1, keepdim=True)  # (..., D)
    variance = centred.square().mean(dim=-1, keepdim=True)  # (..., 1), divided by D; torch.var would divide by D - 1
    scale = torch.rsqrt(variance + eps)  # (..., 1)
    normed = centred * scale  # (..., D)
    return normed * gamma + beta, (normed, scale, gamma)  # x itself is not needed any more


def layer_norm_backward(dy, cache):
    """dy (..., D), cache -> dx (..., D), dgamma (D,), dbeta (D,)"""
    normed, scale, gamma = cache

    # gamma and beta are shared by all rows: what each row asks of them adds up. A single row becomes a table of one.
    width = dy.shape[-1]
    dbeta = dy.reshape(-1, width).sum(dim=0)  # (D,)
    dgamma = (dy * normed).reshape(-1, width).sum(dim=0)  # (D,)

    # Through y = normed * gamma + beta, then through normed = (x - mean) * scale. An element of x moves its own result, and by
    # way of mean and variance those of its whole row. Normalising cannot see a shift or a stretch of the row, so dx has no part
    # along either: subtract the part along the ones (the mean) and the part along normed.
    dnormed = dy * gamma  # (..., D)
    along_ones = dnormed.mean(dim=-1, keepdim=True)  # (..., 1)
    along_normed = (dnormed * normed).mean(dim=-1, keepdim=True)  # (..., 1)
    dx = (dnormed - along_ones - normed * along_normed) * scale  # (..., D)
    return dx, dgamma, dbeta
