# framework: torch
# expect: correctness < 0.7
# expect: fails == example_lengths, lengths_values, padding_rows, padding_columns, length_zero, own_length, lengths_kinds, both, large_both, half_both, dtype_kept, inputs_unchanged, views, no_alias, earlier_result_kept
# fault: nan-rows: rows without anything to look at were divided by zero and gave NaN
import torch


def causal_weights(scores, lengths=None, window=None):
    t = scores.shape[-1]
    ones = torch.ones(t, t, dtype=torch.bool)
    hidden = ones.triu(1)
    if window is not None:
        hidden = hidden | ones.tril(-window)
    if lengths is not None:
        real = torch.arange(t) < lengths[:, None]
        hidden = hidden | ~(real[:, None, :, None] & real[:, None, None, :])
    return torch.softmax(scores.masked_fill(hidden, float("-inf")), dim=-1)
