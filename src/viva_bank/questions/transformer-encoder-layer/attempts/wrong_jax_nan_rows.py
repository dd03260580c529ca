# framework: jax
# expect: correctness < 0.95
# expect: fails == example_empty, empty_rows_finite, empty_rows, empty_without_values
# fault: nan-rows: a position that may look at nothing was divided by zero and gave NaN
import math

import jax
import jax.numpy as jnp


def norm(z, g, h, eps):
    return (z - z.mean(-1, keepdims=True)) / jnp.sqrt(z.var(-1, keepdims=True) + eps) * g + h


def attention(z, p, n_heads, mask):
    b, t, width = z.shape
    d = width // n_heads
    q, k, v = [(z @ p["w" + c] + p["b" + c]).reshape(b, t, n_heads, d).transpose(0, 2, 1, 3) for c in "qkv"]
    scores = q @ k.transpose(0, 1, 3, 2) / math.sqrt(d)
    if mask is not None:
        scores = jnp.where(jnp.broadcast_to(mask, (b, t, t))[:, None], scores, -jnp.inf)
    weights = jax.nn.softmax(scores, axis=-1)
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
