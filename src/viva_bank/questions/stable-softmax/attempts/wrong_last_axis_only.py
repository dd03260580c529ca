# framework: numpy
# expect: correctness < 0.55
# expect: fails == example_softmax, softmax_axes, log_axes, size_one, weights_sum, log_far_down, slices_apart, holes_softmax, holes_log, half, half_long, no_memory
# fault: last-axis-only: the last axis was used, whatever axis was asked for
import numpy as np


def _float(x):
    return x.astype(np.float64) if x.dtype.kind in "iu" else x.astype(np.result_type(x.dtype, np.float32))


def _kind(x):
    return np.float64 if x.dtype.kind in "iu" else x.dtype


def _shifted(x):
    y = _float(x)
    return y - y.max(axis=-1, keepdims=True)


def softmax(x, axis=-1):
    e = np.exp(_shifted(x))
    return (e / e.sum(axis=-1, keepdims=True)).astype(_kind(x))


def log_softmax(x, axis=-1):
    s = _shifted(x)
    return (s - np.log(np.exp(s).sum(axis=-1, keepdims=True))).astype(_kind(x))
