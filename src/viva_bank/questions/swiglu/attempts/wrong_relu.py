# framework: numpy
# expect: correctness < 0.57
# expect: fails == example, silu_alone, below_zero, values, square, leading_axes, size_one, zeros, far_below
# fault: relu: negative gates were cut off at 0, as a rectifier does
import numpy as np


def silu(g):
    return np.maximum(g, 0)


def swiglu(x, w_gate, w_up, w_down):
    return (silu(x @ w_gate) * (x @ w_up)) @ w_down
