import numpy as np


def masked_softmax(scores, mask):
    scores[~mask] = -np.inf
    e = np.exp(scores - scores.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)
