# framework: numpy
# expect: correctness < 0.85
# expect: fails == log_far_down, holes_log, holes_low, small_integers
# fault: epsilon-in-log: a small number was added to the weights before their logarithm was taken
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
    return np.log(softmax(_float(x), axis) + 1e-12).astype(_kind(x))
