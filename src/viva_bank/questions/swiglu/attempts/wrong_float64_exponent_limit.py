# framework: numpy
# expect: correctness < 0.98
# expect: fails == no_warning_float32
# fault: float32-overflow: the exponent was clipped where float64 overflows, which is too late for float32
import numpy as np


def silu(g):
    return g / (1 + np.exp(np.minimum(-g, 700)))


def swiglu(x, w_gate, w_up, w_down):
    return (silu(x @ w_gate) * (x @ w_up)) @ w_down
