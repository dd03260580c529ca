import numpy as np


def smooth(x, a):
    y = x.copy()
    for t in range(1, x.shape[0]):
        y[t] = a * y[t - 1] + (1 - a) * x[t]
    return y
