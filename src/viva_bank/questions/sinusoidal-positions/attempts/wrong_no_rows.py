# framework: numpy
# expect: correctness < 0.99
# expect: fails == no_positions
# fault: no-rows: a length of 0 was not thought of
import numpy as np


def sinusoidal_positions(length, dim, base=10000.0):
    pairs = np.arange(0, dim, 2)
    rows = []
    for position in range(length):
        angles = position * base ** (-pairs / dim)
        rows.append(np.stack([np.sin(angles), np.cos(angles)], axis=1).ravel()[:dim])
    return np.array(rows)
