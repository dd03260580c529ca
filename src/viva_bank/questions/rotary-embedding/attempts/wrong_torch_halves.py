# framework: torch
# expect: correctness < 0.32
# expect: fails == example, lengths, first_pair, speeds, between, values, equal_sizes, size_one, negative, far_positions, large_positions, integer_widths, base_given, any_size, zeros
# fault: halves: columns i and i + D/2 were taken as a pair instead of neighbours
import torch


def apply_rotary(x, positions, base=10000.0):
    d = x.size(-1)
    speed = base ** (-torch.arange(0, d, 2).double() / d)
    angle = torch.outer(positions.double(), speed)
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    u, v = x.chunk(2, dim=-1)
    return torch.cat((u * cos - v * sin, u * sin + v * cos), dim=-1)
