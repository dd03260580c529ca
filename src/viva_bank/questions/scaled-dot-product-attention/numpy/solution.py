"""Scaled dot-product attention in NumPy, one step a line.

Sources: Vaswani et al., Attention Is All You Need, section 3.2.1 (https://arxiv.org/abs/1706.03762); the safe softmax as
written down in Milakov and Gimelshein, section 2 (https://arxiv.org/abs/1805.02867).
"""

import math

import numpy as np


def attention(q, k, v, mask=None):
    """q (..., Tq, d), k (..., Tk, d), v (..., Tk, dv), mask broadcastable to (..., Tq, Tk) -> (..., Tq, dv)"""
    dtype = q.dtype
    work = np.result_type(dtype, np.float32)  # float16 holds at most 65504: q @ k.T may be larger, so work one size up
    q, k, v = (x.astype(work, copy=False) for x in (q, k, v))

    # Compare every query with every key. A dot product of d independent terms of variance 1 has variance d; dividing by
    # its standard deviation keeps the softmax in a range where it is neither flat nor saturated.
    scores = q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])  # (..., Tq, Tk); math.sqrt: a Python float keeps the dtype

    if mask is not None:
        scores = np.where(
            mask, scores, -np.inf
        )  # before the softmax, so that hidden keys are in neither maximum nor sum

    # The softmax over the keys. Subtracting the row's maximum changes nothing on paper and makes the largest exponential 1.
    top = scores.max(axis=-1, keepdims=True)  # (..., Tq, 1)
    top = np.where(np.isfinite(top), top, 0)  # a row without keys: -inf - (-inf) would be NaN
    weights = np.exp(scores - top)  # (..., Tq, Tk), 0 for hidden keys
    total = weights.sum(axis=-1, keepdims=True)  # (..., Tq, 1), at least 1, or 0 for a row without keys

    # Mix the values. Dividing after the product touches (Tq, dv) numbers instead of (Tq, Tk).
    mixed = weights @ v / np.where(total == 0, 1, total)  # (..., Tq, dv)
    return mixed.astype(dtype)
