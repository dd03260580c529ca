# framework: numpy
# expect: correctness < 0.83
# expect: fails == example_large, far_above, no_warning, no_warning_float32, far_mixed
# fault: nan-above: for a large gate, infinity was divided by infinity
import numpy as np


def silu(g):
    with np.errstate(all="ignore"):
        return g * np.exp(g) / (1 + np.exp(g))


def swiglu(x, w_gate, w_up, w_down):
    return (silu(x @ w_gate) * (x @ w_up)) @ w_down
