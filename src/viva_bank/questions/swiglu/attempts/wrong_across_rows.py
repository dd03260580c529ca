# framework: numpy
# expect: correctness < 0.6
# expect: fails == silu_alone, closed, below_zero, values, square, positions_apart, far_above, far_below
# fault: across-rows: the gates of a position were changed by those of others
import numpy as np


def silu(g):
    e = np.exp(-np.abs(g))
    return g * np.where(g >= 0, 1, e) / (1 + e)


def swiglu(x, w_gate, w_up, w_down):
    gate = x @ w_gate
    gate = gate - gate.mean(axis=tuple(range(gate.ndim - 1)), keepdims=True) if gate.ndim > 1 and gate.shape[0] > 3 else gate
    return (silu(gate) * (x @ w_up)) @ w_down
