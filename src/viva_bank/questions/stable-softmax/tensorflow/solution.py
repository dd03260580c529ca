"""Softmax and log-softmax in TensorFlow, safe for large inputs.

Sources: Goodfellow, Bengio and Courville, Deep Learning, section 4.1 (https://www.deeplearningbook.org/contents/numerical.html);
Blanchard, Higham and Higham (https://doi.org/10.1093/imanum/draa038), who show that the shifted forms lose no accuracy and
that `x - (max + log(sum))` may.
"""

import tensorflow as tf


def shift(x, axis):
    """x (...) -> x minus the largest element of its slice (...), in a dtype to work in, and the dtype of the result."""
    # Integers first become floats: within int8 or uint8 the subtraction would wrap around.
    dtype = x.dtype if x.dtype.is_floating else tf.float32
    x = tf.cast(x, tf.float64 if dtype == tf.float64 else tf.float32)  # float16 is worked on in float32

    # Every slice may be moved by a number of its own: numerator and denominator shrink alike. With the largest element at 0,
    # exponentials are at most 1 and their sum is at least 1, so neither overflow nor division by zero is left.
    return x - tf.reduce_max(x, axis=axis, keepdims=True), dtype  # (-inf) - finite stays -inf


def softmax(x, axis=-1):
    shifted, dtype = shift(x, axis)
    powers = tf.exp(shifted)  # in 0 .. 1
    return tf.cast(powers / tf.reduce_sum(powers, axis=axis, keepdims=True), dtype)


def log_softmax(x, axis=-1):
    shifted, dtype = shift(x, axis)
    # Not log(softmax(x)): a weight below about 1e-308 (1e-45 in float32) is 0 and has no logarithm, but `shifted` still knows it.
    return tf.cast(shifted - tf.math.log(tf.reduce_sum(tf.exp(shifted), axis=axis, keepdims=True)), dtype)
