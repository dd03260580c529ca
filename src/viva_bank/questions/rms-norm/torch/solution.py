"""RMS normalisation in PyTorch.

Source: Zhang and Sennrich, Root Mean Square Layer Normalization (https://arxiv.org/abs/1910.07467), equation 4, with eps
inside the root as released models have it.
"""

import torch


def rms_norm(x, weight, eps=1e-6):
    """x (..., D), weight (D,) -> (..., D) in x's dtype"""
    # float16 ends at 65504 and its steps begin at 6e-8: squares of 256 or of 1e-4 are lost in it. So go up before squaring.
    wide = x.to(torch.promote_types(x.dtype, torch.float32))  # (..., D)

    mean_square = (wide * wide).mean(dim=-1, keepdim=True)  # (..., 1)
    normed = wide * torch.rsqrt(mean_square + eps)  # (..., D); eps decides only for rows that are almost zero

    return (normed * weight).to(x.dtype)  # last, because weight may be wider than x
