# framework: numpy
# expect: correctness < 0.35
# expect: fails == example, example_large, silu_alone, closed, below_zero, up_linear, values, square, leading_axes, size_one, zeros, nothing, far_above, far_below, far_mixed
# fault: added: the branches were added instead of multiplied
import numpy as np


def silu(g):
    e = np.exp(-np.abs(g))
    return g * np.where(g >= 0, 1, e) / (1 + e)


def swiglu(x, w_gate, w_up, w_down):
    return (silu(x @ w_gate) + x @ w_up) @ w_down
