# framework: numpy
# expect: correctness < 0.95
# expect: fails == large_everywhere
# fault: added-back: the largest element was added to the small logarithm first, in float16, where that rounds it away
import numpy as np


def _sum(powers, axis):
    return powers.sum(axis=axis, keepdims=True, dtype=np.result_type(powers, np.float32)).astype(powers.dtype)


def log_softmax(x, axis=-1):
    y = x.astype(np.float64) if x.dtype.kind in "iu" else x
    top = y.max(axis=axis, keepdims=True)
    return y - (top + np.log(_sum(np.exp(y - top), axis)))


def softmax(x, axis=-1):
    return np.exp(log_softmax(x, axis))
