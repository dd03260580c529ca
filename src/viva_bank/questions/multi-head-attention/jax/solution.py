"""Multi-head self-attention in JAX.

Source: Vaswani et al., Attention Is All You Need, section 3.2.2 (https://arxiv.org/abs/1706.03762). All heads at once: the
weights of the heads lie side by side in one matrix, so three products project x for every head.
"""

import math

import jax
import jax.numpy as jnp


def multi_head_attention(x, wq, wk, wv, wo, n_heads, mask=None):
    """x (B, T, D), weights (D, D), mask broadcastable to (B, T, T) -> (B, T, D)"""
    b, t, d_model = x.shape
    if d_model % n_heads:  # JAX's own error would be a TypeError
        raise ValueError(f"n_heads = {n_heads} does not divide D = {d_model}")
    d = d_model // n_heads  # width of a head

    # Head h owns columns h*d to (h+1)*d. So split the last axis into (head, column in head), and bring the heads to the front.
    q, k, v = ((x @ w).reshape(b, t, n_heads, d).swapaxes(1, 2) for w in (wq, wk, wv))  # each (B, H, T, d)

    scores = q @ k.mT / math.sqrt(d)  # (B, H, T, T); d, not D: a dot product has d terms here

    if mask is None:
        weights = jax.nn.softmax(scores, axis=-1)
    else:
        # The new axis must be where the heads are. Broadcast first: a mask of rank 1 or 2 has no axis to put it behind.
        mask = jnp.broadcast_to(mask, (b, t, t))[:, None]  # (B, 1, T, T)
        weights = jax.nn.softmax(jnp.where(mask, scores, -jnp.inf), axis=-1)
        weights = jnp.where(mask, weights, 0)  # a row that may look at nothing was NaN
    context = weights @ v  # (B, H, T, d)

    # Undo the split in the reverse order: only then do the columns of a position lie side by side again.
    joined = context.swapaxes(1, 2).reshape(b, t, d_model)  # (B, T, D)
    return joined @ wo
