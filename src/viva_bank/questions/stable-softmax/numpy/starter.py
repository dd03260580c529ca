import numpy as np


def softmax(x: np.ndarray, axis: int = -1) -> np.ndarray:
    """Weights that sum to one along `axis`; the shape of x."""
    raise NotImplementedError


def log_softmax(x: np.ndarray, axis: int = -1) -> np.ndarray:
    """The natural logarithm of the softmax along `axis`; the shape of x."""
    raise NotImplementedError
