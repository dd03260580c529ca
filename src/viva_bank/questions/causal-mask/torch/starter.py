import torch


def causal_weights(
    scores: torch.Tensor, lengths: torch.Tensor | None = None, window: int | None = None
) -> torch.Tensor:
    """scores (B, H, T, T), lengths (B,) of integers or None, window >= 1 or None -> weights (B, H, T, T)

    Row i is a softmax over the positions that i may look at; zeros where it may look at nothing.
    """
    raise NotImplementedError
