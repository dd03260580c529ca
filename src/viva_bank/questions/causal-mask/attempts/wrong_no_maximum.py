# framework: numpy
# expect: correctness < 0.85
# expect: fails == later_highest, seen_low, window_high, large, rows_apart, large_both
# fault: no-maximum: nothing was subtracted before the exponentials, so that large scores overflowed
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
    powers = np.exp(np.where(may, wide, -np.inf))
    total = powers.sum(axis=-1, keepdims=True)
    return (powers / np.where(total > 0, total, 1)).astype(scores.dtype)
