# framework: tensorflow
# expect: correctness < 0.9
# expect: fails == mask_of_texts, mask_of_padding, mask_broadcast, hidden_high, seen_low, hidden_high_seen_low, empty_rows_finite, empty_rows, beside_empty_rows
# fault: mask-without-head-axis: the mask got no axis for the heads, so a text's mask met a head instead
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
        may_look = mask
        scores = tf.where(may_look, scores, tf.cast(-1e9, scores.dtype))
    weights = tf.nn.softmax(scores)
    if mask is not None:
        weights *= tf.cast(may_look, weights.dtype)
    return tf.concat(tf.unstack(weights @ v, axis=1), axis=-1) @ wo
