import torch


def rms_norm(x: torch.Tensor, weight: torch.Tensor, eps: float = 1e-6) -> torch.Tensor:
    """x (..., D), weight (D,) -> (..., D): x over the root of its mean square along the last axis, times weight."""
    raise NotImplementedError
