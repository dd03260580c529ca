# framework: numpy
# expect: correctness < 1
# expect: fails == dtype_kept
# fault: dtype-drift: the result came in another dtype than the inputs
import numpy as np


def silu(g):
    e = np.exp(-np.abs(g))
    return g * np.where(g >= 0, 1, e) / (1 + e)


def swiglu(x, w_gate, w_up, w_down):
    return (silu(x @ w_gate).astype(np.float64) * (x @ w_up)) @ w_down
