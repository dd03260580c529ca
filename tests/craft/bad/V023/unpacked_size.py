import numpy as np


def scores(q, k):
    rows, width = q.shape
    out = np.matmul(q, k.swapaxes(-1, -2))
    return out / np.sqrt(width)
