# framework: tensorflow
# expect: correctness == 1
import tensorflow as tf


def log_softmax(x, axis=-1):
    kind = x.dtype if x.dtype.is_floating else tf.float32
    wide = tf.cast(x, tf.float64)
    return tf.cast(wide - tf.reduce_logsumexp(wide, axis=axis, keepdims=True), kind)


def softmax(x, axis=-1):
    kind = x.dtype if x.dtype.is_floating else tf.float32
    wide = tf.cast(x, tf.float64)
    return tf.cast(tf.exp(wide - tf.reduce_logsumexp(wide, axis=axis, keepdims=True)), kind)
