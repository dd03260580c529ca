# framework: numpy
# expect: correctness < 0.45
# expect: fails == example_even, example_odd, turning, between, even_dims, odd_dims, base_given, long_table, very_long_table
# fault: full-span: the speeds were spread so that the last one is exactly 1/base
import numpy as np


def sinusoidal_positions(length, dim, base=10000.0):
    count = (dim + 1) // 2
    angles = np.arange(length)[:, None] * base ** (-np.arange(count) / max(count - 1, 1))
    table = np.zeros((length, dim))
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles[:, : dim // 2])
    return table
