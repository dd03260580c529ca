# framework: numpy
# expect: correctness < 0.95
# expect: fails == length_zero, both
# fault: zero-means-none: a text of length 0 was treated as if no length had been given
import numpy as np


def causal_weights(scores, lengths=None, window=None):
    t = scores.shape[-1]
    i, j = np.arange(t)[:, None], np.arange(t)
    may = j <= i
    if lengths is not None:
        n = np.where(lengths > 0, lengths, t).reshape(-1, 1, 1, 1)
        may = may & (j < n) & (i < n)
    if window is not None:
        may = may & (j > i - window)
    wide = scores.astype(np.result_type(scores.dtype, np.float32))
    seen = np.where(may, wide, -np.inf)
    top = seen.max(axis=-1, keepdims=True)
    powers = np.exp(seen - np.where(np.isinf(top), 0, top))
    total = powers.sum(axis=-1, keepdims=True)
    return (powers / np.where(total > 0, total, 1)).astype(scores.dtype)
