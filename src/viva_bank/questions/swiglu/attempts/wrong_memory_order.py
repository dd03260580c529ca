# framework: numpy
# expect: correctness < 1
# expect: fails == views
# fault: memory-order: elements were taken in the order in which they lie in memory
import numpy as np


def silu(g):
    e = np.exp(-np.abs(g))
    return g * np.where(g >= 0, 1, e) / (1 + e)


def swiglu(x, w_gate, w_up, w_down):
    x = x.ravel(order="K").reshape(x.shape)
    return (silu(x @ w_gate) * (x @ w_up)) @ w_down
