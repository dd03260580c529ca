# framework: numpy
# expect: correctness < 0.58
# expect: fails == example, silu_alone, values, square, leading_axes, size_one, zeros, far_below
# fault: gelu: GELU took the place of silu
import math

import numpy as np


def silu(g):
    return 0.5 * g * (1 + np.tanh(math.sqrt(2 / math.pi) * (g + 0.044715 * g * g * g)))


def swiglu(x, w_gate, w_up, w_down):
    return (silu(x @ w_gate) * (x @ w_up)) @ w_down
