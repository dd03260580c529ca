# framework: torch
# expect: correctness < 0.6
# expect: fails == example_even, example_odd, row_zero, pairs, turning, slower, between, even_dims, odd_dims, base_given, one_position, long_table, very_long_table
# fault: halves: all sines came first and all cosines after them, instead of in turn
import torch


def sinusoidal_positions(length, dim, base=10000.0):
    pairs = torch.arange(0, dim, 2, dtype=torch.float64)
    angles = torch.arange(length, dtype=torch.float64)[:, None] * base ** (-pairs / dim)
    return torch.cat([angles.sin(), angles[:, : dim // 2].cos()], dim=1)
