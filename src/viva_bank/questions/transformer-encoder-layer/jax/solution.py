"""A transformer encoder layer in JAX.

Sources: Vaswani et al., Attention Is All You Need, sections 3.1 to 3.3 (https://arxiv.org/abs/1706.03762), with the norms behind;
Xiong et al., On Layer Normalization in the Transformer Architecture, figure 1 (https://arxiv.org/abs/2002.04745), for the norms
in front; Ba et al., Layer Normalization (https://arxiv.org/abs/1607.06450).
"""

import math

import jax
import jax.numpy as jnp


def layer_norm(x, g, h, eps):
    """x (..., D), g and h (D,) -> (..., D): each row by itself, with the variance over D, not over D - 1"""
    centred = x - x.mean(axis=-1, keepdims=True)
    variance = (centred * centred).mean(axis=-1, keepdims=True)  # (..., 1); mean(x²) - mean(x)² could be negative
    return centred / jnp.sqrt(variance + eps) * g + h


def self_attention(x, p, n_heads, mask):
    """x (B, T, D) -> (B, T, D)"""
    b, t, d_model = x.shape
    d = d_model // n_heads

    # Heads are slices of columns: split the last axis into (head, column in head), and bring the heads to the front.
    q, k, v = ((x @ p["w" + c] + p["b" + c]).reshape(b, t, n_heads, d).swapaxes(1, 2) for c in "qkv")  # (B, H, T, d)
    scores = q @ k.mT / math.sqrt(d)  # (B, H, T, T)
    if mask is None:
        weights = jax.nn.softmax(scores, axis=-1)
    else:
        mask = jnp.broadcast_to(mask, (b, t, t))[:, None]  # (B, 1, T, T): the same for every head
        weights = jax.nn.softmax(jnp.where(mask, scores, -jnp.inf), axis=-1)
        weights = jnp.where(mask, weights, 0)  # a row that may look at nothing was NaN, and its context is 0
    context = weights @ v  # (B, H, T, d)

    return context.swapaxes(1, 2).reshape(b, t, d_model) @ p["wo"] + p["bo"]


def feed_forward(x, p):
    """x (B, T, D) -> (B, T, D), through F columns"""
    return jax.nn.relu(x @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"]


def encoder_layer(x, params, n_heads, mask=None, norm_first=False, eps=1e-5):
    """x (B, T, D), mask broadcastable to (B, T, T) -> (B, T, D)"""
    if x.shape[-1] % n_heads:  # JAX's own error would be a TypeError
        raise ValueError(f"n_heads = {n_heads} does not divide D = {x.shape[-1]}")
    p = params

    if norm_first:  # x itself runs through to the end, and only what is added to it is normalised before
        x = x + self_attention(layer_norm(x, p["g1"], p["h1"], eps), p, n_heads, mask)
        return x + feed_forward(layer_norm(x, p["g2"], p["h2"], eps), p)

    x = layer_norm(x + self_attention(x, p, n_heads, mask), p["g1"], p["h1"], eps)
    return layer_norm(x + feed_forward(x, p), p["g2"], p["h2"], eps)
