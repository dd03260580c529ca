# framework: numpy
# expect: correctness == 1
# expect: ended == finished
# x times the cosines, plus x with its pairs swapped and one sign changed times the sines.
import numpy as np


def apply_rotary(x, positions, base=10000.0):
    d = x.shape[-1]
    exponents = np.repeat(np.arange(0, d, 2), 2) / d
    angles = positions.reshape(-1, 1) / base**exponents
    swapped = x[..., np.arange(d) ^ 1] * np.tile([-1.0, 1.0], d // 2)
    return (x * np.cos(angles) + swapped * np.sin(angles)).astype(x.dtype)
