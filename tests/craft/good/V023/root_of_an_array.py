import numpy as np


def update(p, m, v, eps):
    return p - m / (np.sqrt(v) + eps) * np.sqrt(v.mean(axis=-1, keepdims=True))
