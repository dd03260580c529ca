# framework: numpy
# expect: correctness < 0.89
# expect: fails == example_large, far_above, far_mixed
# fault: gate-clipped: the gate itself was clipped, not only what goes into the exponential
import numpy as np


def silu(g):
    g = np.clip(g, -80, 80)
    return g / (1 + np.exp(-g))


def swiglu(x, w_gate, w_up, w_down):
    return (silu(x @ w_gate) * (x @ w_up)) @ w_down
