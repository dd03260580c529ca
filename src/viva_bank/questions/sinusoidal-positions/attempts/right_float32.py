# framework: numpy
# expect: correctness == 1
# expect: ended == finished
import math

import numpy as np


def sinusoidal_positions(length, dim, base=10000.0):
    table = np.zeros((length, dim), dtype=np.float32)
    position = np.arange(length, dtype=np.float32)[:, np.newaxis]
    rate = np.exp(np.arange(0, dim, 2, dtype=np.float32) * np.float32(-math.log(base) / dim))
    table[:, 0::2] = np.sin(position * rate)
    table[:, 1::2] = np.cos(position * rate)[:, : dim // 2]
    return table
