# framework: jax
# expect: correctness == 1
# expect: ended == finished
# The layer for one text, compiled as a whole and mapped over texts.
import functools

import jax
import jax.numpy as jnp


def standard(z, p, which, eps):
    away = z - z.mean(-1, keepdims=True)
    return away * jax.lax.rsqrt(jnp.square(away).mean(-1, keepdims=True) + eps) * p["g" + which] + p["h" + which]


def look(z, p, n_heads, may_look):
    """z (T, D), may_look (T, T) -> (T, D)"""
    q, k, v = ((z @ p["w" + c] + p["b" + c]).reshape(len(z), n_heads, -1) for c in "qkv")
    scores = jnp.einsum("ihd,jhd->hij", q, k) * q.shape[-1] ** -0.5
    weights = jax.nn.softmax(scores, axis=-1, where=may_look)
    weights = jnp.where(may_look, weights, 0)
    return jnp.einsum("hij,jhd->ihd", weights, v).reshape(z.shape) @ p["wo"] + p["bo"]


def think(z, p):
    return jnp.maximum(z @ p["w1"] + p["b1"], 0) @ p["w2"] + p["b2"]


@functools.partial(jax.jit, static_argnames=("n_heads", "norm_first"))
def run(x, p, may_look, n_heads, norm_first, eps):
    def text(z, may_look):
        if norm_first:
            z = z + look(standard(z, p, "1", eps), p, n_heads, may_look)
            return z + think(standard(z, p, "2", eps), p)
        z = standard(z + look(z, p, n_heads, may_look), p, "1", eps)
        return standard(z + think(z, p), p, "2", eps)

    return jax.vmap(text)(x, may_look)


def encoder_layer(x, params, n_heads, mask=None, norm_first=False, eps=1e-5):
    b, t, width = x.shape
    if width % n_heads != 0:
        raise ValueError("n_heads must divide D")
    may_look = jnp.broadcast_to(True if mask is None else mask, (b, t, t))
    return run(x, params, may_look, n_heads, norm_first, eps)
