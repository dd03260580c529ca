# framework: numpy
# expect: correctness < 0.4
# expect: fails == example_even, example_odd, row_zero, first_column, even_dims, odd_dims, base_given, narrow, one_position, long_table, very_long_table
# fault: positions-from-one: positions were counted from 1
import numpy as np


def sinusoidal_positions(length, dim, base=10000.0):
    angles = np.arange(1, length + 1)[:, None] * base ** (-np.arange(0, dim, 2) / dim)
    table = np.zeros((length, dim))
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles[:, : dim // 2])
    return table
