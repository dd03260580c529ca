# framework: tensorflow
# expect: correctness < 1
# expect: fails == log_far_down, large_everywhere, small_integers
# fault: log-of-softmax: the logarithm was taken of weights that had already become 0
import tensorflow as tf


def softmax(x, axis=-1):
    kind = x.dtype if x.dtype.is_floating else tf.float32
    wide = tf.cast(x, tf.float64 if kind == tf.float64 else tf.float32)
    e = tf.exp(wide - tf.reduce_max(wide, axis, keepdims=True))
    return tf.cast(e / tf.reduce_sum(e, axis, keepdims=True), kind)


def log_softmax(x, axis=-1):
    kind = x.dtype if x.dtype.is_floating else tf.float32
    return tf.cast(tf.math.log(softmax(tf.cast(x, tf.float64 if kind == tf.float64 else tf.float32), axis)), kind)
