# framework: numpy
# expect: correctness < 0.95
# expect: fails == no_warning, no_warning_float32
# fault: overflow-warning: the exponential of a large number was taken, and NumPy warned of an overflow
import numpy as np


def silu(g):
    return g / (1 + np.exp(-g))


def swiglu(x, w_gate, w_up, w_down):
    return (silu(x @ w_gate) * (x @ w_up)) @ w_down
