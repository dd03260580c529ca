"""SwiGLU in NumPy: a feed-forward layer with a gate.

Sources: Shazeer, GLU Variants Improve Transformer, section 2 (https://arxiv.org/abs/2002.05202); silu, there called Swish with
beta 1, is of Ramachandran et al. (https://arxiv.org/abs/1710.05941).
"""

import numpy as np


def silu(g):
    """g times its sigmoid, element by element"""
    # exp of a large positive number would overflow, so it is never taken: e is at most 1. For g < 0 both parts of the
    # fraction 1 / (1 + exp(-g)) are multiplied by exp(g).
    e = np.exp(-np.abs(g))
    return g * np.where(g >= 0, 1, e) / (1 + e)


def swiglu(x, w_gate, w_up, w_down):
    """x (..., D), w_gate and w_up (D, F), w_down (F, D) -> (..., D)"""
    gate = silu(x @ w_gate)  # (..., F): how far each hidden unit is open, for this position
    up = x @ w_up  # (..., F): what passes through it
    return (gate * up) @ w_down  # (..., D)
