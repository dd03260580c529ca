# framework: numpy
# expect: correctness < 0.85
# expect: fails == later_high, later_highest, seen_low, window_high, large, large_both
# fault: renormalised: hidden scores were in the maximum that was subtracted, and were only divided out afterwards
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
    powers = np.where(may, np.exp(wide - wide.max(axis=-1, keepdims=True)), 0)
    total = powers.sum(axis=-1, keepdims=True)
    return (powers / np.where(total > 0, total, 1)).astype(scores.dtype)
