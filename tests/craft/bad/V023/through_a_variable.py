import numpy as np


def step(p, m, v, t, lr, b2, eps):
    root = np.sqrt(1 - b2**t)
    return p - lr * m / (np.sqrt(v) / root + eps)
