# framework: jax
# expect: correctness < 0.9
# expect: fails == example_empty, empty_rows_finite, empty_rows
# fault: nan-rows: a query that may look at nothing was divided by zero and gave NaN
import jax
import jax.numpy as jnp


@jax.jit
def attention(q, k, v, mask=None):
    scores = jnp.einsum("...id,...jd->...ij", q.astype(jnp.float32), k.astype(jnp.float32)) / q.shape[-1] ** 0.5
    if mask is not None:
        scores = jnp.where(mask, scores, -jnp.inf)
    return (jax.nn.softmax(scores, axis=-1) @ v.astype(jnp.float32)).astype(q.dtype)
