import numpy as np


def masked(scores, mask):
    scores = scores.copy()
    scores[~mask] = -np.inf
    scores -= scores.max()
    return scores
