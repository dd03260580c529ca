import numpy as np


def log_probs(x):
    p = np.exp(x) / np.sum(np.exp(x), axis=-1, keepdims=True)
    return np.log(p)
