import jax


def encoder_layer(
    x: jax.Array,
    params: dict[str, jax.Array],
    n_heads: int,
    mask: jax.Array | None = None,
    norm_first: bool = False,
    eps: float = 1e-5,
) -> jax.Array:
    """A transformer encoder layer: x (B, T, D) -> (B, T, D).

    params: wq wk wv wo (D, D), bq bk bv bo (D,), w1 (D, F), b1 (F,), w2 (F, D), b2 (D,), g1 h1 g2 h2 (D,)
    mask: None, or boolean and broadcastable to (B, T, T); True means "may look".
    norm_first: the layer norms come before attention and feed-forward instead of behind the residuals.
    """
    raise NotImplementedError
