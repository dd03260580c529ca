import numpy as np


def rms_norm(x, weight):
    out = np.zeros_like(x)
    for i in range(x.shape[0]):
        out[i] = x[i] / np.sqrt((x[i] ** 2).mean()) * weight
    return out
