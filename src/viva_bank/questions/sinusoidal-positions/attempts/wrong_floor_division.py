# framework: numpy
# expect: correctness < 0.4
# expect: fails == example_even, example_odd, turning, slower, even_dims, odd_dims, base_given, base_default, long_table, very_long_table, no_memory
# fault: floor-division: the exponent was cut to a whole number, so that every pair had the same speed
import numpy as np


def sinusoidal_positions(length, dim, base=10000.0):
    angles = np.arange(length)[:, None] / base ** (np.arange(0, dim, 2) // dim)
    table = np.zeros((length, dim))
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles[:, : dim // 2])
    return table
