# framework: numpy
# expect: correctness < 0.3
# expect: fails == example_even, example_odd, row_zero, pairs, turning, slower, between, even_dims, odd_dims, base_given, one_position, long_table, very_long_table
# fault: halves: all sines came first and all cosines after them, instead of in turn
import numpy as np


def sinusoidal_positions(length, dim, base=10000.0):
    angles = np.arange(length)[:, None] * base ** (-np.arange(0, dim, 2) / dim)
    return np.concatenate([np.sin(angles), np.cos(angles[:, : dim // 2])], axis=1)
