import numpy as np


def clean(x):
    return np.where(x == np.nan, 0.0, x)
