# framework: numpy
# expect: correctness < 0.95
# expect: fails == holes_log, holes_low
# fault: hole-filled: minus infinity was replaced by a number that is not below all others
import numpy as np


def _float(x):
    return x.astype(np.float64) if x.dtype.kind in "iu" else x.astype(np.result_type(x.dtype, np.float32))


def _kind(x):
    return np.float64 if x.dtype.kind in "iu" else x.dtype


def _shifted(x, axis):
    y = np.nan_to_num(_float(x), neginf=-1e4)
    return y - y.max(axis=axis, keepdims=True)


def softmax(x, axis=-1):
    e = np.exp(_shifted(x, axis))
    return (e / e.sum(axis=axis, keepdims=True)).astype(_kind(x))


def log_softmax(x, axis=-1):
    s = _shifted(x, axis)
    return (s - np.log(np.exp(s).sum(axis=axis, keepdims=True))).astype(_kind(x))
