import torch


def sinusoidal_positions(length: int, dim: int, base: float = 10000.0) -> torch.Tensor:
    """Sines and cosines of every position, alternating; (length, dim)."""
    raise NotImplementedError
