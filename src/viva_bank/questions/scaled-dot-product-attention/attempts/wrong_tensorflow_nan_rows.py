# framework: tensorflow
# expect: correctness < 0.9
# expect: fails == example_empty, empty_rows_finite, empty_rows
# fault: nan-rows: a query that may look at nothing was divided by zero and gave NaN
import math

import tensorflow as tf


def attention(q, k, v, mask=None):
    work = tf.float64 if q.dtype == tf.float64 else tf.float32
    scores = tf.matmul(tf.cast(q, work), tf.cast(k, work), transpose_b=True) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = tf.where(mask, scores, tf.constant(-math.inf, work))
    top = tf.reduce_max(scores, axis=-1, keepdims=True)
    weights = tf.exp(scores - top)
    return tf.cast(weights / tf.reduce_sum(weights, axis=-1, keepdims=True) @ tf.cast(v, work), q.dtype)
