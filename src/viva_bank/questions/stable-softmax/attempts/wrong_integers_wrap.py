# framework: numpy
# expect: correctness < 0.99
# expect: fails == small_integers
# fault: integers-wrap: the maximum was subtracted in the integers' own dtype, where small widths wrap around
import numpy as np


def _sum(powers, axis):
    return powers.sum(axis=axis, keepdims=True, dtype=np.result_type(powers, np.float32)).astype(powers.dtype)


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True), dtype=x.dtype if x.dtype.kind == "f" else np.float64)
    return e / _sum(e, axis)


def log_softmax(x, axis=-1):
    s = (x - x.max(axis=axis, keepdims=True)).astype(x.dtype if x.dtype.kind == "f" else np.float64)
    return s - np.log(_sum(np.exp(s), axis))
