import torch


class CachedAttention:
    """Causal multi-head attention that keeps keys and values; weights (D, D)."""

    def __init__(self, wq: torch.Tensor, wk: torch.Tensor, wv: torch.Tensor, wo: torch.Tensor, n_heads: int) -> None:
        raise NotImplementedError

    def prefill(self, x: torch.Tensor) -> torch.Tensor:
        """x (B, T, D) into an empty cache -> (B, T, D)"""
        raise NotImplementedError

    def step(self, x: torch.Tensor) -> torch.Tensor:
        """x (B, 1, D), the next position -> (B, 1, D)"""
        raise NotImplementedError

    def reset(self) -> None:
        """Empty the cache."""
        raise NotImplementedError
