"""SwiGLU in PyTorch: a feed-forward layer with a gate.

Sources: Shazeer, GLU Variants Improve Transformer, section 2 (https://arxiv.org/abs/2002.05202); silu, there called Swish with
beta 1, is of Ramachandran et al. (https://arxiv.org/abs/1710.05941).
"""

import torch


def swiglu(x, w_gate, w_up, w_down):
    """x (..., D), w_gate and w_up (D, F), w_down (F, D) -> (..., D)"""
    gate = x @ w_gate  # (..., F)
    gate = gate * torch.sigmoid(gate)  # silu; torch.sigmoid is exact at both ends, without an infinity in between
    up = x @ w_up  # (..., F): what passes through the gates
    return (gate * up) @ w_down  # (..., D)
