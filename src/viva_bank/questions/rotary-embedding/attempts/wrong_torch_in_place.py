# framework: torch
# expect: correctness < 0.95
# expect: fails == inputs_unchanged
# fault: in-place: x was overwritten
import torch


def apply_rotary(x, positions, base=10000.0):
    d = x.size(-1)
    speed = base ** (-torch.arange(0, d, 2).double() / d)
    angle = torch.outer(positions.double(), speed)
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    u, v = x[..., 0::2], x[..., 1::2]
    first = u.clone()
    u.mul_(cos).sub_(v * sin)
    v.mul_(cos).add_(first * sin)
    return x.clone()
