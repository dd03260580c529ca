import numpy as np


def median(values):
    values.sort()
    return values[values.shape[0] // 2]
