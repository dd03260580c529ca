# framework: numpy
# expect: correctness < 0.55
# expect: fails == all_before, causal, size_one, later_high, later_highest, zero_scores, seen_low, lengths_values, within_length, length_zero, own_length, window_one, window_wide, large, rows_apart, half, half_both
# fault: leftover: a window stayed in force for later calls that gave none
import numpy as np


_last = [None]


def causal_weights(scores, lengths=None, window=None):
    window = _last[0] if window is None else window
    _last[0] = window
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
    top = seen.max(axis=-1, keepdims=True)
    powers = np.exp(seen - np.where(np.isinf(top), 0, top))
    total = powers.sum(axis=-1, keepdims=True)
    return (powers / np.where(total > 0, total, 1)).astype(scores.dtype)
