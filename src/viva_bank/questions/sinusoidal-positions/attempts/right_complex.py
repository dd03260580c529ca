# framework: numpy
# expect: correctness == 1
# expect: ended == finished
import numpy as np


def sinusoidal_positions(length, dim, base=10000.0):
    exponents = -np.arange((dim + 1) // 2) * (2.0 / dim)
    turning = np.exp(1j * np.outer(np.arange(length), np.power(float(base), exponents)))  # cos + i sin
    both = np.stack([turning.imag, turning.real], axis=-1)
    return both.reshape(length, 2 * exponents.size)[:, :dim]
