# framework: numpy
# expect: correctness == 1
# expect: ended == finished
# One matrix of D times D for each position, all in float32 for x in float32.
import numpy as np


def apply_rotary(x, positions, base=10000.0):
    d = x.shape[-1]
    matrices = np.zeros((len(positions), d, d), x.dtype)
    for n, p in enumerate(positions.astype(x.dtype)):
        for i in range(0, d, 2):
            angle = p / x.dtype.type(base) ** x.dtype.type(i / d)
            c, s = np.cos(angle), np.sin(angle)
            matrices[n, i : i + 2, i : i + 2] = [[c, -s], [s, c]]
    return np.einsum("tij,bhtj->bhti", matrices, x)
