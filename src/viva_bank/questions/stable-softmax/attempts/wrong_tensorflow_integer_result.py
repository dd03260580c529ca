# framework: tensorflow
# expect: correctness < 1
# expect: fails == integers, small_integers, integer_dtype
# fault: integer-result: the result was turned back into the integers' dtype, which cut every weight to 0 or 1
import tensorflow as tf


def softmax(x, axis=-1):
    kind = x.dtype
    x = x if x.dtype.is_floating else tf.cast(x, tf.float32)
    wide = tf.cast(x, tf.float32) if x.dtype == tf.float16 else x
    e = tf.exp(wide - tf.reduce_max(wide, axis, keepdims=True))
    return tf.cast(e / tf.reduce_sum(e, axis, keepdims=True), kind)


def log_softmax(x, axis=-1):
    kind = x.dtype
    x = x if x.dtype.is_floating else tf.cast(x, tf.float32)
    wide = tf.cast(x, tf.float32) if x.dtype == tf.float16 else x
    s = wide - tf.reduce_max(wide, axis, keepdims=True)
    return tf.cast(s - tf.math.log(tf.reduce_sum(tf.exp(s), axis, keepdims=True)), kind)
