# framework: numpy
# expect: correctness < 0.8
# expect: fails == example_odd, first_column, odd_dims, narrow, no_positions
# fault: odd-last-zero: with an odd dim the last column was left at 0
import numpy as np


def sinusoidal_positions(length, dim, base=10000.0):
    angles = np.arange(length)[:, None] * base ** (-2 * np.arange(dim // 2) / dim)
    table = np.zeros((length, dim))
    table[:, 0 : 2 * (dim // 2) : 2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles)
    return table
