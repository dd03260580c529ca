import tensorflow as tf


def softmax(x: tf.Tensor, axis: int = -1) -> tf.Tensor:
    """Weights that sum to one along `axis`; the shape of x."""
    raise NotImplementedError


def log_softmax(x: tf.Tensor, axis: int = -1) -> tf.Tensor:
    """The natural logarithm of the softmax along `axis`; the shape of x."""
    raise NotImplementedError
