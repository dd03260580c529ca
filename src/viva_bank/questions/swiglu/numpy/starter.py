import numpy as np


def swiglu(x: np.ndarray, w_gate: np.ndarray, w_up: np.ndarray, w_down: np.ndarray) -> np.ndarray:
    """x (..., D), w_gate and w_up (D, F), w_down (F, D) -> (..., D): (silu(x @ w_gate) * (x @ w_up)) @ w_down"""
    raise NotImplementedError
