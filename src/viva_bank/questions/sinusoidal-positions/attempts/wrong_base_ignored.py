# framework: numpy
# expect: correctness < 0.75
# expect: fails == example_even, example_odd, turning, base_given, base_default, no_memory
# fault: base-ignored: the base was always 10000
import numpy as np


def sinusoidal_positions(length, dim, base=10000.0):
    angles = np.arange(length)[:, None] * 10000.0 ** (-np.arange(0, dim, 2) / dim)
    table = np.zeros((length, dim))
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles[:, : dim // 2])
    return table
