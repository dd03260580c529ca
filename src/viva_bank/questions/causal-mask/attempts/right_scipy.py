# framework: numpy
# expect: correctness == 1
# expect: ended == finished
# Uses a ready softmax with a very low number for what is hidden, then strikes out with the mask.
import numpy as np
from scipy.special import softmax


def causal_weights(scores, lengths=None, window=None):
    b, _, t, _ = scores.shape
    mask = np.tril(np.ones((t, t), dtype=bool))
    if window is not None:
        mask = np.triu(mask, 1 - window)
    mask = np.repeat(mask[None, None], b, axis=0)
    if lengths is not None:
        real = np.arange(t) < np.asarray(lengths)[:, None]  # (B, T)
        mask = mask & real[:, None, :, None] & real[:, None, None, :]
    weights = softmax(np.where(mask, scores.astype(float), -1e9), axis=-1)
    return np.multiply(weights, mask).astype(scores.dtype)
