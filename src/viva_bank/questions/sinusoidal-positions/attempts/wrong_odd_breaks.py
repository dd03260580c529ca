# framework: numpy
# expect: correctness < 0.8
# expect: fails == example_odd, first_column, odd_dims, no_positions, one_position
# fault: odd-breaks: an odd dim was not thought of
import numpy as np


def sinusoidal_positions(length, dim, base=10000.0):
    angles = np.arange(length)[:, None] * base ** (-np.arange(0, dim, 2) / dim)
    table = np.zeros((length, dim))
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles)
    return table
