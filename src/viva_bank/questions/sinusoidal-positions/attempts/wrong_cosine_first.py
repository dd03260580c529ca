# framework: numpy
# expect: correctness < 0.35
# expect: fails == example_even, example_odd, row_zero, turning, first_column, even_dims, odd_dims, base_given, narrow, one_position, long_table, very_long_table
# fault: cosine-first: cosines stood in the even columns and sines in the odd ones
import numpy as np


def sinusoidal_positions(length, dim, base=10000.0):
    angles = np.arange(length)[:, None] * base ** (-np.arange(0, dim, 2) / dim)
    table = np.zeros((length, dim))
    table[:, 0::2] = np.cos(angles)
    table[:, 1::2] = np.sin(angles[:, : dim // 2])
    return table
