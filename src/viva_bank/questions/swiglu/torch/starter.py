import torch


def swiglu(x: torch.Tensor, w_gate: torch.Tensor, w_up: torch.Tensor, w_down: torch.Tensor) -> torch.Tensor:
    """x (..., D), w_gate and w_up (D, F), w_down (F, D) -> (..., D): (silu(x @ w_gate) * (x @ w_up)) @ w_down"""
    raise NotImplementedError
