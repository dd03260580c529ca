"""A transformer encoder layer in TensorFlow.

Sources: Vaswani et al., Attention Is All You Need, sections 3.1 to 3.3 (https://arxiv.org/abs/1706.03762), with the norms behind;
Xiong et al., On Layer Normalization in the Transformer Architecture, figure 1 (https://arxiv.org/abs/2002.04745), for the norms
in front; Ba et al., Layer Normalization (https://arxiv.org/abs/1607.06450).
"""

import math

import tensorflow as tf


def layer_norm(x, g, h, eps):
    """x (..., D), g and h (D,) -> (..., D): each row by itself, with the variance over D, not over D - 1"""
    centred = x - tf.reduce_mean(x, axis=-1, keepdims=True)
    variance = tf.reduce_mean(
        centred * centred, axis=-1, keepdims=True
    )  # (..., 1); mean(x²) - mean(x)² could be negative
    return centred / tf.sqrt(variance + eps) * g + h


def self_attention(x, p, n_heads, mask):
    """x (B, T, D) -> (B, T, D)"""
    b, t, d_model = x.shape
    d = d_model // n_heads

    def split(z):
        """Heads are slices of columns: (B, T, D) -> (B, H, T, d)"""
        return tf.transpose(tf.reshape(z, (b, t, n_heads, d)), (0, 2, 1, 3))

    q, k, v = (split(x @ p["w" + c] + p["b" + c]) for c in "qkv")  # each (B, H, T, d)
    scores = tf.matmul(q, k, transpose_b=True) / math.sqrt(d)  # (B, H, T, T)
    if mask is None:
        weights = tf.nn.softmax(scores, axis=-1)
    else:
        mask = tf.broadcast_to(mask, (b, t, t))[:, None]  # (B, 1, T, T): the same for every head
        weights = tf.nn.softmax(tf.where(mask, scores, tf.constant(-math.inf, scores.dtype)), axis=-1)
        weights = tf.where(mask, weights, tf.zeros_like(weights))  # a row that may look at nothing was NaN
    context = weights @ v  # (B, H, T, d); 0 in a row that may look at nothing

    return tf.reshape(tf.transpose(context, (0, 2, 1, 3)), (b, t, d_model)) @ p["wo"] + p["bo"]


def feed_forward(x, p):
    """x (B, T, D) -> (B, T, D), through F columns"""
    return tf.nn.relu(x @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"]


def encoder_layer(x, params, n_heads, mask=None, norm_first=False, eps=1e-5):
    """x (B, T, D), mask broadcastable to (B, T, T) -> (B, T, D)"""
    if x.shape[-1] % n_heads:  # TensorFlow's own error would be an InvalidArgumentError
        raise ValueError(f"n_heads = {n_heads} does not divide D = {x.shape[-1]}")
    p = params

    if norm_first:  # x itself runs through to the end, and only what is added to it is normalised before
        x = x + self_attention(layer_norm(x, p["g1"], p["h1"], eps), p, n_heads, mask)
        return x + feed_forward(layer_norm(x, p["g2"], p["h2"], eps), p)

    x = layer_norm(x + self_attention(x, p, n_heads, mask), p["g1"], p["h1"], eps)
    return layer_norm(x + feed_forward(x, p), p["g2"], p["h2"], eps)
