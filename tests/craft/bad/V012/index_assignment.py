import numpy as np


def weights(q, k, mask):
    scores = (q @ k.T).astype("float16")
    scores[~mask] = -1e9
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
