# framework: numpy
# expect: correctness < 0.85
# expect: fails == softmax_axes, log_axes, size_one, half
# fault: moved-back: the axis was moved to the end and not put back where it was, so that axes came out in another order
import numpy as np


def _shifted(x, axis):
    y = x.astype(np.float64) if x.dtype.kind in "iu" else x.astype(np.result_type(x.dtype, np.float32))
    y = np.rollaxis(y, axis, y.ndim)
    return y - y.max(axis=-1, keepdims=True)


def _back(y, x, axis):
    return np.rollaxis(y, axis, y.ndim).astype(np.float64 if x.dtype.kind in "iu" else x.dtype)


def softmax(x, axis=-1):
    e = np.exp(_shifted(x, axis))
    return _back(e / e.sum(axis=-1, keepdims=True), x, axis)


def log_softmax(x, axis=-1):
    s = _shifted(x, axis)
    return _back(s - np.log(np.exp(s).sum(axis=-1, keepdims=True)), x, axis)
