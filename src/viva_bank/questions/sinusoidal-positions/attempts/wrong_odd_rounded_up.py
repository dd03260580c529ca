# framework: numpy
# expect: correctness < 0.9
# expect: fails == example_odd, odd_dims
# fault: odd-rounded-up: an odd dim was made even for the formula, so that its speeds were those of another dim
import numpy as np


def sinusoidal_positions(length, dim, base=10000.0):
    even = dim + dim % 2
    angles = np.arange(length)[:, None] * base ** (-np.arange(0, even, 2) / even)
    table = np.zeros((length, dim))
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles[:, : dim // 2])
    return table
