# framework: torch
# expect: correctness == 1
import math

import torch


def rms_norm(x, weight, eps=1e-6):
    wide = x.double()
    length = torch.linalg.vector_norm(wide, dim=-1, keepdim=True) / math.sqrt(x.shape[-1])
    return (wide / torch.hypot(length, torch.full_like(length, math.sqrt(eps))) * weight.double()).to(x.dtype)
