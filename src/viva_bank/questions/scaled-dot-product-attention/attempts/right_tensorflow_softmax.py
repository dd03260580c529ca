# framework: tensorflow
# expect: correctness == 1
# expect: ended == finished
import tensorflow as tf


def attention(q, k, v, mask=None):
    wide = [tf.cast(x, tf.float64) for x in (q, k, v)]
    scores = tf.einsum("...id,...jd->...ij", wide[0], wide[1]) / q.shape[-1] ** 0.5
    if mask is None:
        mask = tf.ones(scores.shape, tf.bool)
    weights = tf.nn.softmax(tf.where(mask, scores, tf.cast(-1e30, tf.float64)), axis=-1)
    return tf.cast(tf.where(mask, weights, tf.cast(0, tf.float64)) @ wide[2], q.dtype)
