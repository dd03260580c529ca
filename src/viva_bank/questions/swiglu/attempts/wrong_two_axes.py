# framework: numpy
# expect: correctness < 0.6
# expect: fails == example_large, square, leading_axes, size_one, positions_apart, far_mixed, dtype_kept, inputs_unchanged, no_alias, earlier_result_kept, no_memory
# fault: two-axes: exactly two axes of x were taken for granted
import numpy as np


def silu(g):
    e = np.exp(-np.abs(g))
    return g * np.where(g >= 0, 1, e) / (1 + e)


def swiglu(x, w_gate, w_up, w_down):
    rows, d = x.shape
    return (silu(x @ w_gate) * (x @ w_up)).reshape(rows, -1) @ w_down
