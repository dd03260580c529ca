# framework: torch
# expect: correctness < 1
# expect: fails == half_overflow, half_underflow
# fault: half-squares: squares were taken in float16, where they overflow or vanish
import torch


def rms_norm(x, weight, eps=1e-6):
    square = x.pow(2).mean(-1, keepdim=True)
    normed = (
        x.to(torch.promote_types(x.dtype, torch.float32))
        / (square.to(torch.promote_types(x.dtype, torch.float32)) + eps).sqrt()
    )
    return (normed * weight).to(x.dtype)
