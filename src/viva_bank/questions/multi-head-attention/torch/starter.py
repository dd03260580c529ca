import torch


def multi_head_attention(
    x: torch.Tensor,
    wq: torch.Tensor,
    wk: torch.Tensor,
    wv: torch.Tensor,
    wo: torch.Tensor,
    n_heads: int,
    mask: torch.Tensor | None = None,
) -> torch.Tensor:
    """Multi-head self-attention.

    x (B, T, D), weights (D, D) -> (B, T, D)
    mask: None, or boolean and broadcastable to (B, T, T); True means "may look".
    """
    raise NotImplementedError
