# framework: numpy
# expect: correctness < 0.9
# expect: fails == log_far_down, large_everywhere
# fault: log-of-softmax: the logarithm was taken of weights that had already become 0
import numpy as np


def _float(x):
    return x.astype(np.float64) if x.dtype.kind in "iu" else x.astype(np.result_type(x.dtype, np.float32))


def _kind(x):
    return np.float64 if x.dtype.kind in "iu" else x.dtype


def softmax(x, axis=-1):
    y = _float(x)
    e = np.exp(y - y.max(axis=axis, keepdims=True))
    return (e / e.sum(axis=axis, keepdims=True)).astype(_kind(x))


def log_softmax(x, axis=-1):
    return np.log(softmax(_float(x), axis)).astype(_kind(x))
