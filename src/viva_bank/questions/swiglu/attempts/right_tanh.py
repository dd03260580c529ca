# framework: numpy
# expect: correctness == 1
# expect: ended == finished
# The sigmoid by a hyperbolic tangent, and one product for both matrices.
import numpy as np


def swiglu(x, w_gate, w_up, w_down):
    both = x @ np.concatenate([w_gate, w_up], axis=1)
    gate, up = np.split(both, 2, axis=-1)
    half = gate / 2
    return ((half + half * np.tanh(half)) * up) @ w_down
