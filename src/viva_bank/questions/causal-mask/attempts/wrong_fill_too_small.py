# framework: numpy
# expect: correctness < 0.95
# expect: fails == later_highest, seen_low, window_high, large_both
# fault: fill-too-small: hidden scores were set to a number that is not below all others
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
    wide = scores.astype(np.result_type(scores.dtype, np.float32))
    seen = np.where(may, wide, -1e4)
    powers = np.exp(seen - seen.max(axis=-1, keepdims=True))
    weights = powers / powers.sum(axis=-1, keepdims=True)
    return np.where(may.any(axis=-1, keepdims=True), weights, 0).astype(scores.dtype)
