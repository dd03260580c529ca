import jax


def softmax(x: jax.Array, axis: int = -1) -> jax.Array:
    """Weights that sum to one along `axis`; the shape of x."""
    raise NotImplementedError


def log_softmax(x: jax.Array, axis: int = -1) -> jax.Array:
    """The natural logarithm of the softmax along `axis`; the shape of x."""
    raise NotImplementedError
