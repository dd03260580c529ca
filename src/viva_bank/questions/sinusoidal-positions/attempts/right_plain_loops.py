# framework: numpy
# expect: correctness == 1
# expect: ended == finished
import math

import numpy as np


def sinusoidal_positions(length, dim, base=10000.0):
    rows = []
    for position in range(length):
        row = []
        while len(row) < dim:
            angle = position / math.pow(base, len(row) / dim)
            row += [math.sin(angle), math.cos(angle)]
        rows.append(row[:dim])
    return np.array(rows, dtype=float).reshape(length, dim)
