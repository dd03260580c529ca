# framework: jax
# expect: correctness < 0.99
# expect: fails == indivisible
# fault: no-value-error: an n_heads that does not divide D did not end in a ValueError
import math

import jax
import jax.numpy as jnp


def multi_head_attention(x, wq, wk, wv, wo, n_heads, mask=None):
    b, t, width = x.shape
    d = width // n_heads
    q, k, v = [(x @ w).reshape(b, t, n_heads, d).transpose(0, 2, 1, 3) for w in (wq, wk, wv)]
    scores = q @ k.transpose(0, 1, 3, 2) / math.sqrt(d)
    if mask is not None:
        scores = jnp.where(jnp.broadcast_to(mask, (b, t, t))[:, None], scores, -jnp.inf)
    weights = jnp.nan_to_num(jax.nn.softmax(scores, axis=-1))
    return (weights @ v).transpose(0, 2, 1, 3).reshape(b, t, width) @ wo
