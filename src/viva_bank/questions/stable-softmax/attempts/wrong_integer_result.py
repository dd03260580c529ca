# framework: numpy
# expect: correctness < 0.95
# expect: fails == integers, small_integers, integer_dtype
# fault: integer-result: the result was turned back into the integers' dtype, which cut every weight to 0 or 1
import numpy as np


def _shifted(x, axis):
    y = x.astype(np.result_type(x.dtype, np.float32))
    return y - y.max(axis=axis, keepdims=True)


def softmax(x, axis=-1):
    e = np.exp(_shifted(x, axis))
    return (e / e.sum(axis=axis, keepdims=True)).astype(x.dtype)


def log_softmax(x, axis=-1):
    s = _shifted(x, axis)
    return (s - np.log(np.exp(s).sum(axis=axis, keepdims=True))).astype(x.dtype)
