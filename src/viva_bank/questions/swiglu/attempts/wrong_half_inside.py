# framework: numpy
# expect: correctness < 0.4
# expect: fails == example, silu_alone, up_linear, down_linear, units_add, values, square, leading_axes, size_one, zeros, far_above, far_below, far_mixed
# fault: half-inside: the inputs were worked on in half precision
import numpy as np


def silu(g):
    e = np.exp(-np.abs(g))
    return g * np.where(g >= 0, 1, e) / (1 + e)


def swiglu(x, w_gate, w_up, w_down):
    gate, up = (x @ w_gate).astype(np.float16), (x @ w_up).astype(np.float16)
    return ((silu(gate) * up) @ w_down.astype(np.float16)).astype(x.dtype)
