# framework: jax
# expect: correctness < 0.5
# expect: fails == example, example_norm_first, example_empty, norms_alone, scale_and_shift, eps_default, eps_given, far_rows, feed_forward, feed_forward_biases, weights_sum, split_and_join, one_head, slices, scale, bias_of_queries, bias_of_values, large_scores, norm_last, norm_in_front, size_one, masked_weights_sum, masked, mask_of_texts, mask_of_padding, mask_broadcast, hidden_high, seen_low, hidden_high_seen_low, empty_rows, empty_without_values
# fault: unbiased-variance: the variance was divided by D - 1
import math

import jax
import jax.numpy as jnp


def norm(z, g, h, eps):
    return (z - z.mean(-1, keepdims=True)) / jnp.sqrt(z.var(-1, ddof=min(1, z.shape[-1] - 1), keepdims=True) + eps) * g + h


def attention(z, p, n_heads, mask):
    b, t, width = z.shape
    d = width // n_heads
    q, k, v = [(z @ p["w" + c] + p["b" + c]).reshape(b, t, n_heads, d).transpose(0, 2, 1, 3) for c in "qkv"]
    scores = q @ k.transpose(0, 1, 3, 2) / math.sqrt(d)
    if mask is not None:
        scores = jnp.where(jnp.broadcast_to(mask, (b, t, t))[:, None], scores, -jnp.inf)
    weights = jnp.nan_to_num(jax.nn.softmax(scores, axis=-1))
    return (weights @ v).transpose(0, 2, 1, 3).reshape(b, t, width) @ p["wo"] + p["bo"]


def forward(z, p):
    return jax.nn.relu(z @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"]


def encoder_layer(x, params, n_heads, mask=None, norm_first=False, eps=1e-5):
    if x.shape[-1] % n_heads:
        raise ValueError("n_heads must divide D")
    p = params
    if norm_first:
        x = x + attention(norm(x, p["g1"], p["h1"], eps), p, n_heads, mask)
        return x + forward(norm(x, p["g2"], p["h2"], eps), p)
    x = norm(x + attention(x, p, n_heads, mask), p["g1"], p["h1"], eps)
    return norm(x + forward(x, p), p["g2"], p["h2"], eps)
