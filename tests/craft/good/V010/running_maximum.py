import numpy as np


def streaming_sum(scores, values):
    top, total = -np.inf, 0.0
    for j in range(scores.shape[0]):
        new = max(top, scores[j])
        total = total * np.exp(top - new) + np.exp(scores[j] - new) * values[j]
        top = new
    return total
