# framework: numpy
# expect: correctness < 0.99
# expect: fails == very_long_table, earlier_result_kept
# fault: kept-buffer: one table was kept for all calls and overwritten by the next
import numpy as np

_table = np.zeros((1024, 128))


def sinusoidal_positions(length, dim, base=10000.0):
    table = _table[:length, :dim]
    angles = np.arange(length)[:, None] * base ** (-np.arange(0, dim, 2) / dim)
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles[:, : dim // 2])
    return table
