# framework: numpy
# expect: correctness == 1
# expect: ended == finished
# Stays in the dtype of the scores, and never computes with a hidden score.
import numpy as np


def causal_weights(scores, lengths=None, window=None):
    t = scores.shape[-1]
    back = np.subtract.outer(np.arange(t), np.arange(t))  # how far j lies behind i
    seen = (back >= 0) & (back < (t if window is None else window))
    seen = np.broadcast_to(seen, scores.shape).copy()
    if lengths is not None:
        for text, length in zip(seen, lengths):
            text[:, length:] = False
            text[:, :, length:] = False
    top = np.max(scores, axis=-1, keepdims=True, where=seen, initial=-np.inf)
    powers = np.zeros(scores.shape, scores.dtype)
    np.exp(np.subtract(scores, top, out=np.zeros_like(scores), where=seen), out=powers, where=seen)
    total = np.sum(powers, axis=-1, keepdims=True)
    return np.divide(powers, total, out=np.zeros(scores.shape, scores.dtype), where=seen)
