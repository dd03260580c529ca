"""Scaled dot-product attention in TensorFlow, one step a line.

Sources: Vaswani et al., Attention Is All You Need, section 3.2.1 (https://arxiv.org/abs/1706.03762); the safe softmax as
written down in Milakov and Gimelshein, section 2 (https://arxiv.org/abs/1805.02867).
"""

import math

import tensorflow as tf


def attention(q, k, v, mask=None):
    """q (..., Tq, d), k (..., Tk, d), v (..., Tk, dv), mask broadcastable to (..., Tq, Tk) -> (..., Tq, dv)"""
    dtype = q.dtype
    if dtype == tf.float16:  # which holds at most 65504: the product of q and k may be larger
        q, k, v = (tf.cast(x, tf.float32) for x in (q, k, v))

    # Compare every query with every key. A dot product of d independent terms of variance 1 has variance d; dividing by
    # its standard deviation keeps the softmax in a range where it is neither flat nor saturated.
    scores = tf.matmul(q, k, transpose_b=True) / math.sqrt(q.shape[-1])  # (..., Tq, Tk)

    # Hide keys before the softmax, so that they are in neither its maximum nor its sum.
    if mask is not None:
        scores = tf.where(mask, scores, tf.constant(-math.inf, scores.dtype))

    # The softmax over the keys, safe: the row's maximum is subtracted first. A row without keys has the maximum -inf.
    top = tf.reduce_max(scores, axis=-1, keepdims=True)  # (..., Tq, 1)
    top = tf.where(tf.math.is_inf(top), tf.zeros_like(top), top)  # -inf - (-inf) would be NaN
    weights = tf.exp(scores - top)  # (..., Tq, Tk), 0 for hidden keys
    total = tf.reduce_sum(weights, axis=-1, keepdims=True)  # (..., Tq, 1), at least 1, or 0 for a row without keys

    # Mix the values: a row without keys is 0 / 0, which divide_no_nan makes 0.
    return tf.cast(tf.math.divide_no_nan(tf.matmul(weights, v), total), dtype)  # (..., Tq, dv)
