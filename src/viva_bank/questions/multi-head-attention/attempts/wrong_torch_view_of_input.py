# framework: torch
# expect: correctness < 0.99
# expect: fails == views
# fault: needs-contiguous: an input that is a view of another array could not be reshaped
import math

import torch


def multi_head_attention(x, wq, wk, wv, wo, n_heads, mask=None):
    b, t, width = x.shape
    if width % n_heads:
        raise ValueError("n_heads must divide D")
    d = width // n_heads
    q, k, v = [(x.view(b * t, width) @ w).view(b, t, n_heads, d).transpose(1, 2) for w in (wq, wk, wv)]
    scores = q @ k.transpose(-2, -1) / math.sqrt(d)
    if mask is not None:
        scores = scores.masked_fill(~mask.expand(b, t, t).unsqueeze(1), float("-inf"))
    weights = torch.softmax(scores, dim=-1).nan_to_num()
    return (weights @ v).transpose(1, 2).reshape(b, t, width) @ wo
