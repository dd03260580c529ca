import numpy as np


def sinusoidal_positions(length: int, dim: int, base: float = 10000.0) -> np.ndarray:
    """Sines and cosines of every position, alternating; (length, dim)."""
    raise NotImplementedError
