import numpy as np


def check(probs):
    assert np.sum(probs) == 1.0
