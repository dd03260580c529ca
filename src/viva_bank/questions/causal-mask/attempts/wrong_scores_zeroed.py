# framework: numpy
# expect: correctness < 0.35
# expect: fails == example, example_lengths, example_window, causal, size_one, later_high, later_highest, zero_scores, seen_low, lengths_values, within_length, padding_columns, length_zero, own_length, window_values, window_one, window_high, both, large, rows_apart, large_both, half, half_both
# fault: scores-zeroed: hidden scores were set to 0 before the softmax, which is a score like any other
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
    seen = np.where(may, wide, 0)
    powers = np.exp(seen - seen.max(axis=-1, keepdims=True))
    weights = powers / powers.sum(axis=-1, keepdims=True)
    return np.where(may.any(axis=-1, keepdims=True), weights, 0).astype(scores.dtype)
