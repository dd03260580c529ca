# framework: torch
# expect: correctness < 0.98
# expect: fails == inputs_unchanged
# fault: in-place: an input was changed in place
import math

import torch


def multi_head_attention(x, wq, wk, wv, wo, n_heads, mask=None):
    b, t, width = x.shape
    if width % n_heads:
        raise ValueError("n_heads must divide D")
    d = width // n_heads
    wq.div_(math.sqrt(d))
    q, k, v = [(x @ w).view(b, t, n_heads, d).transpose(1, 2) for w in (wq, wk, wv)]
    scores = q @ k.transpose(-2, -1)
    if mask is not None:
        scores = scores.masked_fill(~mask.expand(b, t, t).unsqueeze(1), float("-inf"))
    weights = torch.softmax(scores, dim=-1).nan_to_num()
    return (weights @ v).transpose(1, 2).reshape(b, t, width) @ wo
