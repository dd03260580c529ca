# framework: jax
# expect: correctness == 1
# expect: ended == finished
# One head of one text, mapped over heads and then over texts.
import functools

import jax
import jax.numpy as jnp


def one_head(q, k, v, may_look):
    """q, k, v (T, d), may_look (T, T) -> (T, d)"""
    scores = jnp.where(may_look, q @ k.T * q.shape[-1] ** -0.5, -1e9)
    weights = jnp.exp(scores - jax.nn.logsumexp(scores, axis=-1, keepdims=True))
    return jnp.where(may_look, weights, 0) @ v


@functools.partial(jax.jit, static_argnames="n_heads")
def run(x, wq, wk, wv, wo, may_look, n_heads):
    b, t, width = x.shape
    q, k, v = (jnp.reshape(x @ w, (b, t, n_heads, -1)) for w in (wq, wk, wv))
    heads = jax.vmap(one_head, in_axes=(1, 1, 1, None), out_axes=1)
    return jax.vmap(heads)(q, k, v, may_look).reshape(b, t, width) @ wo


def multi_head_attention(x, wq, wk, wv, wo, n_heads, mask=None):
    b, t, width = x.shape
    if width % n_heads != 0:
        raise ValueError("n_heads must divide D")
    may_look = jnp.broadcast_to(True if mask is None else mask, (b, t, t))
    return run(x, wq, wk, wv, wo, may_look, n_heads)
