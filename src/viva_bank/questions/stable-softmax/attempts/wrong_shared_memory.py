# framework: numpy
# expect: correctness < 0.95
# expect: fails == input_unchanged, no_alias
# fault: shared-memory: the result is the caller's own array, overwritten
import numpy as np


def softmax(x, axis=-1):
    y = x.astype(np.float64) if x.dtype.kind in "iu" else x
    e = np.exp(y - y.max(axis=axis, keepdims=True))
    y[...] = e / e.sum(axis=axis, keepdims=True)
    return y


def log_softmax(x, axis=-1):
    y = x.astype(np.float64) if x.dtype.kind in "iu" else x
    s = y - y.max(axis=axis, keepdims=True)
    y[...] = s - np.log(np.exp(s).sum(axis=axis, keepdims=True))
    return y
