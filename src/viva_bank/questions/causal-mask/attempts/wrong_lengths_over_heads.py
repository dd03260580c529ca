# framework: numpy
# expect: correctness < 0.55
# expect: fails == lengths_values, within_length, padding_rows, padding_columns, length_zero, full_lengths, own_length, lengths_kinds, both, large_both, half_both, dtype_kept, inputs_unchanged, views, no_alias, earlier_result_kept, no_memory
# fault: lengths-over-heads: lengths were lined up with the heads instead of the texts
import numpy as np


def causal_weights(scores, lengths=None, window=None):
    t = scores.shape[-1]
    i, j = np.arange(t)[:, None], np.arange(t)
    may = j <= i
    if lengths is not None:
        n = lengths[:, None, None]
        may = may & (j < n) & (i < n)
    if window is not None:
        may = may & (j > i - window)
    wide = scores.astype(np.result_type(scores.dtype, np.float32))
    seen = np.where(may, wide, -np.inf)
    top = seen.max(axis=-1, keepdims=True)
    powers = np.exp(seen - np.where(np.isinf(top), 0, top))
    total = powers.sum(axis=-1, keepdims=True)
    return (powers / np.where(total > 0, total, 1)).astype(scores.dtype)
