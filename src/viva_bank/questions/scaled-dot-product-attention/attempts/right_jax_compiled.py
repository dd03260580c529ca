# framework: jax
# expect: correctness == 1
# expect: ended == finished
import jax
import jax.numpy as jnp


@jax.jit
def attention(q, k, v, mask=None):
    wide = [x.astype(jnp.float32) for x in (q, k, v)]
    scores = jnp.einsum("...id,...jd->...ij", wide[0], wide[1]) / q.shape[-1] ** 0.5
    mask = jnp.ones(scores.shape, bool) if mask is None else mask
    weights = jnp.where(mask, jax.nn.softmax(jnp.where(mask, scores, -1e30), axis=-1), 0)
    return (weights @ wide[2]).astype(q.dtype)
