import torch


def softmax(x: torch.Tensor, axis: int = -1) -> torch.Tensor:
    """Weights that sum to one along `axis`; the shape of x."""
    raise NotImplementedError


def log_softmax(x: torch.Tensor, axis: int = -1) -> torch.Tensor:
    """The natural logarithm of the softmax along `axis`; the shape of x."""
    raise NotImplementedError
