import numpy as np


def normalise(x):
    x -= x.mean(axis=0)
    x /= x.std(axis=0)
    return x
