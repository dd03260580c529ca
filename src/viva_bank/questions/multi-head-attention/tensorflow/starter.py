import tensorflow as tf


def multi_head_attention(
    x: tf.Tensor,
    wq: tf.Tensor,
    wk: tf.Tensor,
    wv: tf.Tensor,
    wo: tf.Tensor,
    n_heads: int,
    mask: tf.Tensor | None = None,
) -> tf.Tensor:
    """Multi-head self-attention.

    x (B, T, D), weights (D, D) -> (B, T, D)
    mask: None, or boolean and broadcastable to (B, T, T); True means "may look".
    """
    raise NotImplementedError
