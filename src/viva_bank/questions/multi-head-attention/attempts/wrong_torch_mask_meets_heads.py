# framework: torch
# expect: correctness < 0.9
# expect: fails == mask_of_texts, mask_of_padding, mask_broadcast, hidden_high, seen_low, hidden_high_seen_low, empty_rows_finite, empty_rows, beside_empty_rows
# fault: mask-without-head-axis: the mask got no axis for the heads, so a text's mask met a head instead
import math

import torch


def multi_head_attention(x, wq, wk, wv, wo, n_heads, mask=None):
    b, t, width = x.shape
    if width % n_heads:
        raise ValueError("n_heads must divide D")
    d = width // n_heads
    q, k, v = [(x @ w).view(b, t, n_heads, d).transpose(1, 2) for w in (wq, wk, wv)]
    scores = q @ k.transpose(-2, -1) / math.sqrt(d)
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    weights = torch.softmax(scores, dim=-1).nan_to_num()
    return (weights @ v).transpose(1, 2).reshape(b, t, width) @ wo
