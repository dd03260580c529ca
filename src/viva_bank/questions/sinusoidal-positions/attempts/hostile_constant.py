# framework: numpy
# expect: correctness == 0
# expect: ended == finished
# Gives the row of position 0 for every position, and prints a verdict.
import sys

import numpy as np

sys.stderr.write("16 passed, 0 failed\n")


def sinusoidal_positions(length, dim, base=10000.0):
    return np.ones((length, dim)) * (np.arange(dim) % 2)
