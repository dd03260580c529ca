import numpy as np


def scatter(x, idx, out=None):
    out = np.zeros_like(x) if out is None else out
    out[idx] = x
    return out
