# framework: jax
# expect: correctness < 0.5
# expect: fails == example, weights_sum, scale, sizes, leading_axes, size_one, large_scores, masked_weights_sum, masked, mask_broadcast, hidden_high, seen_low, hidden_high_seen_low, beside_empty_rows, half, half_overflow
# fault: softmax-axis: the softmax was taken over the queries instead of the keys
import jax
import jax.numpy as jnp


@jax.jit
def attention(q, k, v, mask=None):
    scores = jnp.einsum("...id,...jd->...ij", q.astype(jnp.float32), k.astype(jnp.float32)) / q.shape[-1] ** 0.5
    mask = jnp.ones(scores.shape, bool) if mask is None else mask
    weights = jnp.where(mask, jax.nn.softmax(jnp.where(mask, scores, -1e30), axis=-2), 0)
    return (weights @ v.astype(jnp.float32)).astype(q.dtype)
