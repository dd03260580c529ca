# framework: numpy
# expect: correctness < 0.95
# expect: fails == slices_apart
# fault: global-maximum: the largest element of the whole array was subtracted instead of the largest of each slice
import numpy as np


def _float(x):
    return x.astype(np.float64) if x.dtype.kind in "iu" else x.astype(np.result_type(x.dtype, np.float32))


def _kind(x):
    return np.float64 if x.dtype.kind in "iu" else x.dtype


def softmax(x, axis=-1):
    y = _float(x)
    e = np.exp(y - y.max())
    return (e / e.sum(axis=axis, keepdims=True)).astype(_kind(x))


def log_softmax(x, axis=-1):
    y = _float(x)
    y = y - y.max()
    return (y - np.log(np.exp(y).sum(axis=axis, keepdims=True))).astype(_kind(x))
