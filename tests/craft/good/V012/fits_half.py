import numpy as np


def masked(scores, mask):
    scores = scores.astype(np.float16)
    return np.where(mask, scores, -1e4)
