# framework: numpy
# expect: correctness < 0.95
# expect: fails == input_unchanged
# fault: in-place: the maximum was subtracted in place, from the caller's own array
import numpy as np


def _sum(powers, axis):
    return powers.sum(axis=axis, keepdims=True, dtype=np.result_type(powers, np.float32)).astype(powers.dtype)


def _shifted(x, axis):
    x = x.astype(np.float64) if x.dtype.kind in "iu" else x
    x -= x.max(axis=axis, keepdims=True)
    return x


def softmax(x, axis=-1):
    e = np.exp(_shifted(x, axis))
    return e / _sum(e, axis)


def log_softmax(x, axis=-1):
    s = _shifted(x, axis)
    return s - np.log(_sum(np.exp(s), axis))
