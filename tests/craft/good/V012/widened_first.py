import numpy as np
from scipy.special import softmax


def weights(scores, mask):
    return np.multiply(softmax(np.where(mask, scores.astype(float), -1e9), axis=-1), mask)
