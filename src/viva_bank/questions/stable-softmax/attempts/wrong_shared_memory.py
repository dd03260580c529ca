# framework: numpy
# expect: correctness < 0.95
# expect: fails == input_unchanged, no_alias
# fault: shared-memory: the result is the caller's own array, overwritten
import numpy as np


def _sum(powers, axis):
    return powers.sum(axis=axis, keepdims=True, dtype=np.result_type(powers, np.float32)).astype(powers.dtype)


def softmax(x, axis=-1):
    y = x.astype(np.float64) if x.dtype.kind in "iu" else x
    e = np.exp(y - y.max(axis=axis, keepdims=True))
    y[...] = e / _sum(e, axis)
    return y


def log_softmax(x, axis=-1):
    y = x.astype(np.float64) if x.dtype.kind in "iu" else x
    s = y - y.max(axis=axis, keepdims=True)
    y[...] = s - np.log(_sum(np.exp(s), axis))
    return y
