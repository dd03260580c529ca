# framework: jax
# expect: correctness < 1
# expect: fails == example_softmax, softmax_axes, log_axes, size_one, weights_sum, log_far_down, slices_apart, holes_softmax, holes_log, half, half_long, no_memory
# fault: last-axis-only: the last axis was used, whatever axis was asked for
import jax.numpy as jnp


def softmax(x, axis=-1):
    kind = x.dtype if jnp.issubdtype(x.dtype, jnp.floating) else jnp.float32
    x = x.astype(jnp.float32)
    powers = jnp.exp(x - jnp.max(x, -1, keepdims=True))
    return (powers / powers.sum(axis=-1, keepdims=True)).astype(kind)


def log_softmax(x, axis=-1):
    kind = x.dtype if jnp.issubdtype(x.dtype, jnp.floating) else jnp.float32
    x = x.astype(jnp.float32)
    s = x - x.max(axis=-1, keepdims=True)
    return (s - jnp.log(jnp.exp(s).sum(axis=-1, keepdims=True))).astype(kind)
