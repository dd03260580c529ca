# framework: numpy
# expect: correctness < 0.43
# expect: fails == example, example_large, up_linear, values, square, leading_axes, size_one, zeros, nothing, far_above, far_below, far_mixed, no_memory
# fault: no-up: the result is that of an ordinary layer, without the branch of w_up
import numpy as np


def silu(g):
    e = np.exp(-np.abs(g))
    return g * np.where(g >= 0, 1, e) / (1 + e)


def swiglu(x, w_gate, w_up, w_down):
    return silu(x @ w_gate) @ w_down
