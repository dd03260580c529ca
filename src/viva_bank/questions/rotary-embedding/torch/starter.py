import torch


def apply_rotary(x: torch.Tensor, positions: torch.Tensor, base: float = 10000.0) -> torch.Tensor:
    """x (B, H, T, D), positions (T,) of integers -> (B, H, T, D)

    Columns 2i and 2i+1 of row t are turned by the angle positions[t] * base**(-2i/D).
    """
    raise NotImplementedError
