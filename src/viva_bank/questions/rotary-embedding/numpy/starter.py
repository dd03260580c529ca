import numpy as np


def apply_rotary(x: np.ndarray, positions: np.ndarray, base: float = 10000.0) -> np.ndarray:
    """x (B, H, T, D), positions (T,) of integers -> (B, H, T, D)

    Columns 2i and 2i+1 of row t are turned by the angle positions[t] * base**(-2i/D).
    """
    raise NotImplementedError
