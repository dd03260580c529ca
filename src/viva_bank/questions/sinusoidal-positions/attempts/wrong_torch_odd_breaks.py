# framework: torch
# expect: correctness < 1
# expect: fails == example_odd, first_column, odd_dims, no_positions, one_position
# fault: odd-breaks: an odd dim was not thought of
import torch


def sinusoidal_positions(length, dim, base=10000.0):
    table = torch.zeros(length, dim)
    pairs = torch.arange(0, dim, 2, dtype=torch.float64)
    angles = torch.arange(length, dtype=torch.float64).unsqueeze(1) / base ** (pairs / dim)
    table[:, 0::2] = angles.sin().float()
    table[:, 1::2] = angles.cos().float()
    return table
