"""Scaled dot-product attention in PyTorch, one step a line.

Sources: Vaswani et al., Attention Is All You Need, section 3.2.1 (https://arxiv.org/abs/1706.03762); the safe softmax as
written down in Milakov and Gimelshein, section 2 (https://arxiv.org/abs/1805.02867).
"""

import math

import torch


def attention(q, k, v, mask=None):
    """q (..., Tq, d), k (..., Tk, d), v (..., Tk, dv), mask broadcastable to (..., Tq, Tk) -> (..., Tq, dv)"""
    dtype = q.dtype
    work = torch.promote_types(dtype, torch.float32)  # float16 holds at most 65504: q @ k.mT may be larger
    q, k, v = (x.to(work) for x in (q, k, v))

    # Compare every query with every key. A dot product of d independent terms of variance 1 has variance d; dividing by
    # its standard deviation keeps the softmax in a range where it is neither flat nor saturated.
    scores = q @ k.mT / math.sqrt(q.shape[-1])  # (..., Tq, Tk)

    # Hide keys before the softmax, so that they are in neither its maximum nor its sum.
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)

    # The softmax over the keys. torch.softmax subtracts the row's maximum itself, but a row without keys would come out as NaN.
    top = scores.amax(dim=-1, keepdim=True)  # (..., Tq, 1)
    top = top.masked_fill(top == -math.inf, 0)  # a row without keys: -inf - (-inf) would be NaN
    weights = torch.exp(scores - top)  # (..., Tq, Tk), 0 for hidden keys
    total = weights.sum(dim=-1, keepdim=True)  # (..., Tq, 1), at least 1, or 0 for a row without keys

    # Mix the values. Dividing after the product touches (Tq, dv) numbers instead of (Tq, Tk).
    mixed = weights @ v / total.masked_fill(total == 0, 1)  # (..., Tq, dv)
    return mixed.to(dtype)
