import numpy as np


class CachedAttention:
    """Causal multi-head attention that keeps keys and values; weights (D, D)."""

    def __init__(self, wq: np.ndarray, wk: np.ndarray, wv: np.ndarray, wo: np.ndarray, n_heads: int) -> None:
        raise NotImplementedError

    def prefill(self, x: np.ndarray) -> np.ndarray:
        """x (B, T, D) into an empty cache -> (B, T, D)"""
        raise NotImplementedError

    def step(self, x: np.ndarray) -> np.ndarray:
        """x (B, 1, D), the next position -> (B, 1, D)"""
        raise NotImplementedError

    def reset(self) -> None:
        """Empty the cache."""
        raise NotImplementedError
