# framework: numpy
# expect: correctness < 0.95
# expect: fails == inputs_unchanged
# fault: in-place: an input was overwritten
import numpy as np


def swiglu(x, w_gate, w_up, w_down):
    gate = x @ w_gate
    e = np.exp(-np.abs(gate))
    hidden = gate * np.where(gate >= 0, 1, e) / (1 + e) * (x @ w_up)
    w_down *= 2
    return hidden @ w_down / 2
