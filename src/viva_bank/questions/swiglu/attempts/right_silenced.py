# framework: numpy
# expect: correctness == 1
# expect: ended == finished
# The formula as it stands, with the warning silenced: a number over infinity is 0. One hidden unit after the other.
import numpy as np


def swiglu(x, w_gate, w_up, w_down):
    out = np.zeros_like(x)
    for unit in range(w_down.shape[0]):
        gate = x @ w_gate[:, unit : unit + 1]
        with np.errstate(over="ignore"):
            gate = gate / (1 + np.exp(-gate))
        out = out + gate * (x @ w_up[:, unit : unit + 1]) * w_down[unit]
    return out
