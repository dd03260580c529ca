# framework: numpy
# expect: correctness < 0.99
# expect: fails == half_long
# fault: half-sums: exponentials in float16 were summed in float16, where a long sum stops growing
import numpy as np


def _shifted(x, axis):
    y = x if x.dtype.kind == "f" else x.astype(np.float64)
    return y - y.max(axis=axis, keepdims=True)


def softmax(x, axis=-1):
    e = np.exp(_shifted(x, axis))
    return e / e.sum(axis=axis, keepdims=True)


def log_softmax(x, axis=-1):
    s = _shifted(x, axis)
    return s - np.log(np.exp(s).sum(axis=axis, keepdims=True))
