# framework: numpy
# expect: correctness < 0.41
# expect: fails == example, example_large, silu_alone, below_zero, values, square, leading_axes, size_one, zeros, nothing, far_above, far_below, far_mixed
# fault: sigmoid: the gate was put through a sigmoid, which is silu without its factor g
import numpy as np


def silu(g):
    e = np.exp(-np.abs(g))
    return np.where(g >= 0, 1, e) / (1 + e)


def swiglu(x, w_gate, w_up, w_down):
    return (silu(x @ w_gate) * (x @ w_up)) @ w_down
