# framework: numpy
# expect: correctness < 0.99
# expect: fails == dtype_kept
# fault: dtype-drift: the result was float64 whatever the input was
import numpy as np


def softmax(x, axis=-1):
    y = np.asarray(x, dtype=np.float64)
    e = np.exp(y - y.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def log_softmax(x, axis=-1):
    y = np.asarray(x, dtype=np.float64)
    s = y - y.max(axis=axis, keepdims=True)
    return s - np.log(np.exp(s).sum(axis=axis, keepdims=True))
