# framework: torch
# expect: correctness == 1
# expect: ended == finished
# Pairs as complex numbers, angles in float32.
import torch


def apply_rotary(x, positions, base=10000.0):
    d = x.size(-1)
    speed = 1.0 / (base ** (torch.arange(0, d, 2).float() / d))
    angle = torch.outer(positions.float(), speed)
    turn = torch.polar(torch.ones_like(angle), angle)
    points = torch.view_as_complex(x.float().reshape(*x.shape[:-1], -1, 2))
    return torch.view_as_real(points * turn).reshape(x.shape).to(x.dtype)
