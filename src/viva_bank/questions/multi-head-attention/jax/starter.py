import jax


def multi_head_attention(
    x: jax.Array,
    wq: jax.Array,
    wk: jax.Array,
    wv: jax.Array,
    wo: jax.Array,
    n_heads: int,
    mask: jax.Array | None = None,
) -> jax.Array:
    """Multi-head self-attention.

    x (B, T, D), weights (D, D) -> (B, T, D)
    mask: None, or boolean and broadcastable to (B, T, T); True means "may look".
    """
    raise NotImplementedError
