# framework: numpy
# expect: correctness == 1
# expect: ended == finished
# A cosine is a sine a quarter turn ahead, so one call of sin fills the whole table.
import numpy as np


def sinusoidal_positions(length, dim, base=10000.0):
    column = np.arange(dim)
    even = column - column % 2
    return np.sin(np.arange(length)[:, None] / base ** (even / dim) + np.pi / 2 * (column % 2))
