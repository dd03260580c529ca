# framework: numpy
# expect: correctness < 0.4
# expect: fails == example_even, example_odd, pairs, turning, first_column, even_dims, odd_dims, base_given, narrow, long_table, dtype
# fault: float16: the table was made in float16
import numpy as np


def sinusoidal_positions(length, dim, base=10000.0):
    speeds = base ** (-np.arange(0, dim, 2) / dim)
    angles = np.arange(length)[:, None] * speeds
    table = np.zeros((length, dim), np.float16)
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles[:, : dim // 2])
    return table
