# framework: numpy
# expect: correctness < 0.3
# expect: fails == example, example_lengths, example_window, rows_sum, all_before, causal, size_one, later_high, later_highest, zero_scores, seen_low, lengths_values, within_length, length_zero, own_length, window_values, window_inside, window_one, window_high, both, large, rows_apart, large_both, half, half_both
# fault: strict: a position might not look at itself
import numpy as np


def causal_weights(scores, lengths=None, window=None):
    t = scores.shape[-1]
    i, j = np.arange(t)[:, None], np.arange(t)
    may = j < i
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
