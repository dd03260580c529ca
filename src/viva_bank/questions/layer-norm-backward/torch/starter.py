import torch


def layer_norm_forward(x: torch.Tensor, gamma: torch.Tensor, beta: torch.Tensor, eps: float = 1e-5) -> tuple:
    """x (..., D), gamma (D,), beta (D,) -> y (..., D), and whatever the backward pass needs"""
    raise NotImplementedError


def layer_norm_backward(dy: torch.Tensor, cache) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """dy (..., D) -> dx (..., D), dgamma (D,), dbeta (D,)"""
    raise NotImplementedError
