# framework: torch
# expect: correctness < 0.99
# expect: fails == dtype_kept
# fault: dtype-drift: the result came in another dtype than x
import torch


def apply_rotary(x, positions, base=10000.0):
    d = x.size(-1)
    speed = base ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    angle = torch.outer(positions.double(), speed)
    u, v = x[..., 0::2], x[..., 1::2]
    return torch.stack((u * angle.cos() - v * angle.sin(), u * angle.sin() + v * angle.cos()), dim=-1).flatten(-2)
