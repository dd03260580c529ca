# framework: numpy
# expect: correctness < 0.5
# expect: fails == example_even, example_odd, turning, even_dims, odd_dims, base_given, long_table, very_long_table
# fault: half-exponent: the exponent was i/dim instead of 2i/dim
import numpy as np


def sinusoidal_positions(length, dim, base=10000.0):
    angles = np.arange(length)[:, None] * base ** (-np.arange((dim + 1) // 2) / dim)
    table = np.zeros((length, dim))
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles[:, : dim // 2])
    return table
