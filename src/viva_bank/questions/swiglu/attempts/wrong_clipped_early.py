# framework: numpy
# expect: correctness < 0.86
# expect: fails == example_large, closed, far_below, far_mixed
# fault: clipped-early: what goes into the exponential was clipped so early that a large negative gate is not closed
import numpy as np


def silu(g):
    return g / (1 + np.exp(-np.clip(g, -12, 80)))


def swiglu(x, w_gate, w_up, w_down):
    return (silu(x @ w_gate) * (x @ w_up)) @ w_down
