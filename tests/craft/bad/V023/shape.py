import numpy as np


def scores(q, k):
    return q @ k.T / np.sqrt(q.shape[-1])
