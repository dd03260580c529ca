# framework: numpy
# expect: correctness == 1
# expect: ended == finished
# Pairs as complex numbers, which are turned by multiplying.
import numpy as np


def apply_rotary(x, positions, base=10000.0):
    b, h, t, d = x.shape
    turn = np.exp(1j * np.outer(positions, np.power(float(base), -2.0 * np.arange(d // 2) / d)))
    points = np.ascontiguousarray(x, dtype=np.float64).view(np.complex128)
    return (points * turn).view(np.float64).reshape(b, h, t, d).astype(x.dtype)
