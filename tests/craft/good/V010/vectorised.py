import numpy as np


def rms_norm(x, weight):
    return x / np.sqrt((x**2).mean(axis=-1, keepdims=True)) * weight
