# framework: numpy
# expect: correctness < 0.45
# expect: fails == example_log, log_values, log_axes, size_one, large_log, log_far_down, slices_apart, large_everywhere, holes_log, holes_low, half, half_long, integers, small_integers
# fault: other-base: the logarithm was taken to the base 2
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
    y = _float(x)
    s = y - y.max(axis=axis, keepdims=True)
    return ((s - np.log(np.exp(s).sum(axis=axis, keepdims=True))) / np.log(2)).astype(_kind(x))
