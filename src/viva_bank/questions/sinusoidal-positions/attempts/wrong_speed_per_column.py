# framework: numpy
# expect: correctness < 0.4
# expect: fails == example_even, example_odd, pairs, turning, between, even_dims, odd_dims, base_given, narrow, long_table, very_long_table
# fault: speed-per-column: each column had a speed of its own, instead of each pair
import numpy as np


def sinusoidal_positions(length, dim, base=10000.0):
    angles = np.arange(length)[:, None] * base ** (-np.arange(dim) / dim)
    table = np.sin(angles)
    table[:, 1::2] = np.cos(angles[:, 1::2])
    return table
