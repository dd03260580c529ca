# framework: numpy
# expect: correctness < 0.4
# expect: fails == example, example_large, silu_alone, closed, up_linear, values, square, leading_axes, size_one, zeros, far_above, far_below, far_mixed
# fault: silu-on-up: silu was put on the outcome of w_up instead of w_gate
import numpy as np


def silu(g):
    e = np.exp(-np.abs(g))
    return g * np.where(g >= 0, 1, e) / (1 + e)


def swiglu(x, w_gate, w_up, w_down):
    return ((x @ w_gate) * silu(x @ w_up)) @ w_down
