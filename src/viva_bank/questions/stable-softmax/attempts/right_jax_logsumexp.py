# framework: jax
# expect: correctness == 1
import jax
import jax.numpy as jnp


def log_softmax(x, axis=-1):
    kind = x.dtype if jnp.issubdtype(x.dtype, jnp.floating) else jnp.dtype("float32")
    wide = jnp.asarray(x, jnp.float32)
    top = jax.lax.stop_gradient(jnp.max(wide, axis, keepdims=True))
    near = wide - top
    return (near - jax.scipy.special.logsumexp(near, axis=axis, keepdims=True)).astype(kind)


def softmax(x, axis=-1):
    kind = x.dtype if jnp.issubdtype(x.dtype, jnp.floating) else jnp.dtype("float32")
    near = jnp.asarray(x, jnp.float32)
    near = near - near.max(axis, keepdims=True)
    return jnp.exp(near - jax.scipy.special.logsumexp(near, axis=axis, keepdims=True)).astype(kind)
