import numpy as np


def scores(q, k):
    out = np.zeros((len(q), len(k)))
    for i in range(len(q)):
        for j in range(len(k)):
            out[i, j] = q[i] @ k[j]
    return out
