# framework: numpy
# expect: correctness < 0.65
# expect: fails == turning, even_dims, odd_dims, base_default, long_table, very_long_table
# fault: other-default: the base was another than 10000 where none was given
import numpy as np


def sinusoidal_positions(length, dim, base=1000.0):
    angles = np.arange(length)[:, None] * base ** (-np.arange(0, dim, 2) / dim)
    table = np.zeros((length, dim))
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles[:, : dim // 2])
    return table
