# framework: numpy
# expect: correctness < 0.95
# expect: fails == large, rows_apart, large_both
# fault: global-maximum: the largest of all scores was subtracted instead of the largest of each row
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
    seen = np.where(may, wide, -np.inf)
    top = seen.max()
    powers = np.exp(seen - (top if np.isfinite(top) else 0))
    total = powers.sum(axis=-1, keepdims=True)
    return (powers / np.where(total > 0, total, 1)).astype(scores.dtype)
