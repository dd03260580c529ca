# framework: numpy
# expect: correctness < 0.89
# expect: fails == units_add, square, size_one
# fault: transposed: weights were applied as x @ w.T where that fits
import numpy as np


def silu(g):
    e = np.exp(-np.abs(g))
    return g * np.where(g >= 0, 1, e) / (1 + e)


def swiglu(x, w_gate, w_up, w_down):
    if w_gate.shape[0] == w_gate.shape[1]:
        w_gate, w_up, w_down = w_gate.T, w_up.T, w_down.T
    return (silu(x @ w_gate) * (x @ w_up)) @ w_down
