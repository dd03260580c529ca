# framework: numpy
# expect: correctness < 0.49
# expect: fails == example, closed, up_linear, values, square, leading_axes, size_one, zeros, far_above, far_below, far_mixed
# fault: silu-on-product: the branches were multiplied first and silu came after
import numpy as np


def silu(g):
    e = np.exp(-np.abs(g))
    return g * np.where(g >= 0, 1, e) / (1 + e)


def swiglu(x, w_gate, w_up, w_down):
    return silu((x @ w_gate) * (x @ w_up)) @ w_down
