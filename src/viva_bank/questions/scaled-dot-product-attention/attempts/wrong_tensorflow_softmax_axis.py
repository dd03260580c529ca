# framework: tensorflow
# expect: correctness < 0.5
# expect: fails == example, weights_sum, scale, sizes, leading_axes, size_one, large_scores, masked_weights_sum, masked, mask_broadcast, hidden_high, seen_low, hidden_high_seen_low, beside_empty_rows, half, half_overflow
# fault: softmax-axis: the softmax was taken over the queries instead of the keys
import math

import tensorflow as tf


def attention(q, k, v, mask=None):
    work = tf.float64 if q.dtype == tf.float64 else tf.float32
    scores = tf.matmul(tf.cast(q, work), tf.cast(k, work), transpose_b=True) / math.sqrt(q.shape[-1])
    if mask is None:
        mask = tf.ones(scores.shape, tf.bool)
    weights = tf.nn.softmax(tf.where(mask, scores, tf.constant(-1e30, work)), axis=-2)
    return tf.cast(tf.where(mask, weights, tf.constant(0, work)) @ tf.cast(v, work), q.dtype)
