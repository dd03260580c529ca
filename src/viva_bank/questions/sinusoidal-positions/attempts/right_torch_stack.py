# framework: torch
# expect: correctness == 1
import math

import torch


def sinusoidal_positions(length, dim, base=10000.0):
    p = torch.arange(length, dtype=torch.float64).unsqueeze(1)
    speeds = torch.exp(-math.log(base) * torch.arange(0, dim, 2, dtype=torch.float64) / dim)
    angles = p * speeds
    return torch.stack([angles.sin(), angles.cos()], dim=-1).reshape(length, 2 * len(speeds))[:, :dim].clone()
