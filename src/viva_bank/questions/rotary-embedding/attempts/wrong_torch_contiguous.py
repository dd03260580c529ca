# framework: torch
# expect: correctness < 0.99
# expect: fails == views
# fault: contiguous: x was taken for an array whose rows lie one after the other in memory
import torch


def apply_rotary(x, positions, base=10000.0):
    b, h, t, d = x.shape
    speed = base ** (-torch.arange(0, d, 2).double() / d)
    angle = torch.outer(positions.double(), speed)
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    u, v = x.view(b * h, t, d // 2, 2).unbind(-1)
    return torch.stack((u * cos - v * sin, u * sin + v * cos), dim=-1).view(b, h, t, d)
