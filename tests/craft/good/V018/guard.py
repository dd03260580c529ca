import numpy as np


def normalise(x):
    length = np.linalg.norm(x)
    return x if np.linalg.norm(x) == 0 else x / length
