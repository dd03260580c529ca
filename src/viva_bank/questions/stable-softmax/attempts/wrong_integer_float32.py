# framework: numpy
# expect: correctness < 0.99
# expect: fails == integer_dtype
# fault: narrow-default: integers became a narrower float than the framework's default, or a float that depends on their width
import numpy as np


def _sum(powers, axis):
    return powers.sum(axis=axis, keepdims=True, dtype=np.result_type(powers, np.float32)).astype(powers.dtype)


def _shifted(x, axis):
    y = x.astype(np.result_type(x.dtype, np.float16 if x.dtype.kind == "f" else np.float32))
    return y - y.max(axis=axis, keepdims=True)


def softmax(x, axis=-1):
    e = np.exp(_shifted(x, axis))
    return e / _sum(e, axis)


def log_softmax(x, axis=-1):
    s = _shifted(x, axis)
    return s - np.log(_sum(np.exp(s), axis))
