# framework: torch
# expect: correctness < 1
# expect: fails == dtype_of_x
# fault: dtype-of-weight: the result took the dtype of a wider weight
import torch


def rms_norm(x, weight, eps=1e-6):
    wide = x.to(torch.promote_types(x.dtype, torch.float32))
    normed = wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + eps)
    return (normed * weight).to(torch.promote_types(x.dtype, weight.dtype))
