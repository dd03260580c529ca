import tensorflow as tf


def attention(q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, mask: tf.Tensor | None = None) -> tf.Tensor:
    """Scaled dot-product attention.

    q (..., Tq, d), k (..., Tk, d), v (..., Tk, dv) -> (..., Tq, dv)
    mask: None, or boolean and broadcastable to (..., Tq, Tk); True means "may look".
    """
    raise NotImplementedError
