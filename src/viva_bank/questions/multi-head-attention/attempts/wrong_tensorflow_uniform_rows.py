# framework: tensorflow
# expect: correctness < 0.95
# expect: fails == example_empty, empty_rows
# fault: uniform-rows: a position that may look at nothing got the mean of all values instead of zeros
import tensorflow as tf


def split(z, n_heads):
    """(B, T, D) -> (B, H, T, d)"""
    return tf.stack(tf.split(z, n_heads, axis=-1), axis=1)


def multi_head_attention(x, wq, wk, wv, wo, n_heads, mask=None):
    if x.shape[-1] % n_heads:
        raise ValueError("n_heads must divide D")
    q, k, v = (split(tf.matmul(x, w), n_heads) for w in (wq, wk, wv))
    scores = tf.einsum("bhid,bhjd->bhij", q, k) * q.shape[-1] ** -0.5
    if mask is not None:
        may_look = tf.expand_dims(tf.broadcast_to(mask, (x.shape[0], x.shape[1], x.shape[1])), 1)
        scores = tf.where(may_look, scores, tf.cast(-1e9, scores.dtype))
    weights = tf.nn.softmax(scores)
    return tf.concat(tf.unstack(weights @ v, axis=1), axis=-1) @ wo
