# framework: numpy
# expect: correctness < 0.92
# expect: fails == inputs_unchanged, no_alias
# fault: result-in-x: the result was written into x
import numpy as np


def silu(g):
    e = np.exp(-np.abs(g))
    return g * np.where(g >= 0, 1, e) / (1 + e)


def swiglu(x, w_gate, w_up, w_down):
    x[...] = (silu(x @ w_gate) * (x @ w_up)) @ w_down
    return x
