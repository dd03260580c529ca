# framework: numpy
# expect: correctness < 0.75
# expect: fails == example_lengths, lengths_values, padding_rows, padding_columns, length_zero, own_length, both, large_both, half_both
# fault: padding-uniform: rows without anything to look at got equal weights instead of zeros
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
    seen = np.where(may, wide, -1e30)
    powers = np.exp(seen - seen.max(axis=-1, keepdims=True))
    return (powers / powers.sum(axis=-1, keepdims=True)).astype(scores.dtype)
