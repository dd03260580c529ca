# framework: numpy
# expect: correctness < 0.65
# expect: fails == example_log, large_softmax, large_log, log_far_down, slices_apart, large_everywhere, holes_low, integers
# fault: overflow: nothing was subtracted before the exponentials, so large inputs overflowed and very low ones vanished
import numpy as np


def _float(x):
    return x.astype(np.float64) if x.dtype.kind in "iu" else x.astype(np.result_type(x.dtype, np.float32))


def _kind(x):
    return np.float64 if x.dtype.kind in "iu" else x.dtype


def softmax(x, axis=-1):
    e = np.exp(_float(x))
    return (e / e.sum(axis=axis, keepdims=True)).astype(_kind(x))


def log_softmax(x, axis=-1):
    y = _float(x)
    return (y - np.log(np.exp(y).sum(axis=axis, keepdims=True))).astype(_kind(x))
