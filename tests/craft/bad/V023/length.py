import numpy as np


def initial(weights, fan_in):
    n = len(fan_in)
    return weights / np.sqrt(n)
