# framework: numpy
# expect: correctness == 1
# expect: ended == finished
# What goes into the exponential is clipped, where it no longer matters; the gate itself is not.
import numpy as np


def swiglu(x, w_gate, w_up, w_down):
    gate = np.einsum("...d,df->...f", x, w_gate)
    up = np.einsum("...d,df->...f", x, w_up)
    sigmoid = 1 / (1 + np.exp(np.clip(-gate, -80, 80)))
    return np.einsum("...f,fd->...d", gate * sigmoid * up, w_down)
