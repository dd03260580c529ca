# framework: torch
# expect: correctness < 0.5
# expect: fails == example, weights_sum, scale, sizes, leading_axes, size_one, large_scores, masked_weights_sum, masked, mask_broadcast, hidden_high, seen_low, hidden_high_seen_low, beside_empty_rows, half, half_overflow
# fault: softmax-axis: the softmax was taken over the queries instead of the keys
import math

import torch


def attention(q, k, v, mask=None):
    work = torch.promote_types(q.dtype, torch.float32)
    scores = q.to(work) @ k.to(work).mT / math.sqrt(q.size(-1))
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    weights = torch.softmax(scores, dim=-2).nan_to_num()
    return (weights @ v.to(work)).to(q.dtype)
