import torch


def attention(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
    """Scaled dot-product attention.

    q (..., Tq, d), k (..., Tk, d), v (..., Tk, dv) -> (..., Tq, dv)
    mask: None, or boolean and broadcastable to (..., Tq, Tk); True means "may look".
    """
    raise NotImplementedError
