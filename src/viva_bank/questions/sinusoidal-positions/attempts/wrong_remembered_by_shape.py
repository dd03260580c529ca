# framework: numpy
# expect: correctness < 0.9
# expect: fails == turning, base_default, no_memory
# fault: remembered: the table of the call before was given again because its shape was the same, although its base was not
import numpy as np

_last = {"shape": None, "table": None}


def sinusoidal_positions(length, dim, base=10000.0):
    if _last["shape"] != (length, dim):
        angles = np.arange(length)[:, None] * base ** (-np.arange(0, dim, 2) / dim)
        table = np.zeros((length, dim))
        table[:, 0::2] = np.sin(angles)
        table[:, 1::2] = np.cos(angles[:, : dim // 2])
        _last.update(shape=(length, dim), table=table)
    return _last["table"].copy()
