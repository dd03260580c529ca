# framework: jax
# expect: correctness < 1
# expect: fails == example_log, large_softmax, large_log, log_far_down, slices_apart, large_everywhere, holes_low, integers, small_integers
# fault: overflow: nothing was subtracted before the exponentials, so large inputs overflowed and very low ones vanished
import jax.numpy as jnp


def softmax(x, axis=-1):
    kind = x.dtype if jnp.issubdtype(x.dtype, jnp.floating) else jnp.float32
    e = jnp.exp(x.astype(jnp.float32))
    return (e / e.sum(axis=axis, keepdims=True)).astype(kind)


def log_softmax(x, axis=-1):
    kind = x.dtype if jnp.issubdtype(x.dtype, jnp.floating) else jnp.float32
    x = x.astype(jnp.float32)
    return (x - jnp.log(jnp.exp(x).sum(axis=axis, keepdims=True))).astype(kind)
