# framework: torch
# expect: correctness < 1
# expect: fails == lengths_values, within_length, padding_rows, padding_columns, length_zero, full_lengths, own_length, lengths_kinds, both, large_both, half_both, dtype_kept, inputs_unchanged, views, no_alias, earlier_result_kept, no_memory
# fault: lengths-over-heads: lengths were lined up with the heads instead of the texts
import torch


def causal_weights(scores, lengths=None, window=None):
    t = scores.shape[-1]
    i, j = torch.arange(t)[:, None], torch.arange(t)
    may = j <= i
    if window is not None:
        may = may & (j > i - window)
    if lengths is not None:
        n = lengths[:, None, None]
        may = may & (j < n) & (i < n)
    wide = scores.float() if scores.dtype == torch.float16 else scores
    weights = torch.softmax(wide.masked_fill(~may, float("-inf")), dim=-1)
    return torch.where(may, weights, torch.zeros((), dtype=weights.dtype)).to(scores.dtype)
