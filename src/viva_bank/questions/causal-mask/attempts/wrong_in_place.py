# framework: numpy
# expect: correctness < 0.99
# expect: fails == inputs_unchanged
# fault: in-place: hidden scores were overwritten in the caller's own array
import numpy as np


def causal_weights(scores, lengths=None, window=None):
    t = scores.shape[-1]
    i, j = np.arange(t)[:, None], np.arange(t)
    may = j <= i
    if lengths is not None:
        n = lengths.reshape(-1, 1, 1, 1)
        may = may & (j < n) & (i < n)
    if window is not None:
        may = may & (j > i - window)
    scores[~np.broadcast_to(may, scores.shape)] = -np.inf
    wide = scores.astype(np.result_type(scores.dtype, np.float32))
    seen = np.where(may, wide, -np.inf)
    top = seen.max(axis=-1, keepdims=True)
    powers = np.exp(seen - np.where(np.isinf(top), 0, top))
    total = powers.sum(axis=-1, keepdims=True)
    return (powers / np.where(total > 0, total, 1)).astype(scores.dtype)
