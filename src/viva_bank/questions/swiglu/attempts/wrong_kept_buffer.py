# framework: numpy
# expect: correctness < 0.98
# expect: fails == earlier_result_kept
# fault: kept-buffer: results were written into an array that later calls use again
import numpy as np


_buffers = {}

def silu(g):
    e = np.exp(-np.abs(g))
    return g * np.where(g >= 0, 1, e) / (1 + e)


def swiglu(x, w_gate, w_up, w_down):
    out = _buffers.setdefault((x.shape, x.dtype), np.empty_like(x))
    out[...] = (silu(x @ w_gate) * (x @ w_up)) @ w_down
    return out
