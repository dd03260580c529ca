import numpy as np


def squares(chunks):
    result = np.array([])
    for chunk in chunks:
        result = np.concatenate((result, chunk**2))
    return result
