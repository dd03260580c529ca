import numpy as np


def multi_head_attention(
    x: np.ndarray,
    wq: np.ndarray,
    wk: np.ndarray,
    wv: np.ndarray,
    wo: np.ndarray,
    n_heads: int,
    mask: np.ndarray | None = None,
) -> np.ndarray:
    """Multi-head self-attention.

    x (B, T, D), weights (D, D) -> (B, T, D)
    mask: None, or boolean and broadcastable to (B, T, T); True means "may look".
    """
    raise NotImplementedError
