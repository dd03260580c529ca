"""Scaled dot-product attention in JAX, one step a line.

Sources: Vaswani et al., Attention Is All You Need, section 3.2.1 (https://arxiv.org/abs/1706.03762); the safe softmax as
written down in Milakov and Gimelshein, section 2 (https://arxiv.org/abs/1805.02867).
"""

import math

import jax.numpy as jnp


def attention(q, k, v, mask=None):
    """q (..., Tq, d), k (..., Tk, d), v (..., Tk, dv), mask broadcastable to (..., Tq, Tk) -> (..., Tq, dv)"""
    dtype = q.dtype
    work = jnp.promote_types(dtype, jnp.float32)  # float16 holds at most 65504: q @ k.mT may be larger
    q, k, v = (x.astype(work) for x in (q, k, v))

    # Compare every query with every key. A dot product of d independent terms of variance 1 has variance d; dividing by
    # its standard deviation keeps the softmax in a range where it is neither flat nor saturated.
    scores = q @ k.mT / math.sqrt(q.shape[-1])  # (..., Tq, Tk)

    # Hide keys before the softmax, so that they are in neither its maximum nor its sum.
    if mask is not None:
        scores = jnp.where(mask, scores, -jnp.inf)

    # The softmax over the keys, safe: the row's maximum is subtracted first. A row without keys has the maximum -inf.
    top = scores.max(axis=-1, keepdims=True)  # (..., Tq, 1)
    top = jnp.where(top == -jnp.inf, 0, top)  # -inf - (-inf) would be NaN
    weights = jnp.exp(scores - top)  # (..., Tq, Tk), 0 for hidden keys
    total = weights.sum(axis=-1, keepdims=True)  # (..., Tq, 1), at least 1, or 0 for a row without keys

    # Mix the values. Dividing after the product touches (Tq, dv) numbers instead of (Tq, Tk).
    mixed = weights @ v / jnp.where(total == 0, 1, total)  # (..., Tq, dv)
    return mixed.astype(dtype)
