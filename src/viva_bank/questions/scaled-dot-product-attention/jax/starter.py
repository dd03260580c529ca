import jax


def attention(q: jax.Array, k: jax.Array, v: jax.Array, mask: jax.Array | None = None) -> jax.Array:
    """Scaled dot-product attention.

    q (..., Tq, d), k (..., Tk, d), v (..., Tk, dv) -> (..., Tq, dv)
    mask: None, or boolean and broadcastable to (..., Tq, Tk); True means "may look".
    """
    raise NotImplementedError
