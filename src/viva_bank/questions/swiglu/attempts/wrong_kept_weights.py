# framework: numpy
# expect: correctness < 0.71
# expect: fails == up_linear, units_add, square, leading_axes, size_one, zeros, nothing, no_memory
# fault: leftover: a call used what an earlier call had left behind
import numpy as np


_joined = {}

def silu(g):
    e = np.exp(-np.abs(g))
    return g * np.where(g >= 0, 1, e) / (1 + e)


def swiglu(x, w_gate, w_up, w_down):
    both = _joined.setdefault((w_gate.shape, w_gate.dtype), np.concatenate([w_gate, w_up], axis=1))
    gate, up = np.split(x @ both, 2, axis=-1)
    return (silu(gate) * up) @ w_down
