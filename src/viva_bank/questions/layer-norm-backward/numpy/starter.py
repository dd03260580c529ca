import numpy as np


def layer_norm_forward(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5) -> tuple:
    """x (..., D), gamma (D,), beta (D,) -> y (..., D), and whatever the backward pass needs"""
    raise NotImplementedError


def layer_norm_backward(dy: np.ndarray, cache) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """dy (..., D) -> dx (..., D), dgamma (D,), dbeta (D,)"""
    raise NotImplementedError
