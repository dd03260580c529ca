import numpy as np


def entropy(probs):
    return -(probs * np.log(probs + 1e-12)).sum(axis=-1)
