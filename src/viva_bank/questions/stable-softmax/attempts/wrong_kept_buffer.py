# framework: numpy
# expect: correctness < 0.99
# expect: fails == earlier_result_kept
# fault: kept-buffer: one array was used for the results of all calls of one shape
import numpy as np

_buffers = {}


def _float(x):
    return x.astype(np.float64) if x.dtype.kind in "iu" else x.astype(np.result_type(x.dtype, np.float32))


def _kind(x):
    return np.float64 if x.dtype.kind in "iu" else x.dtype


def _result(name, values, x):
    key = (name, values.shape, np.dtype(_kind(x)))
    out = _buffers.setdefault(key, np.empty(values.shape, _kind(x)))
    out[...] = values
    return out


def softmax(x, axis=-1):
    y = _float(x)
    e = np.exp(y - y.max(axis=axis, keepdims=True))
    return _result("softmax", e / e.sum(axis=axis, keepdims=True), x)


def log_softmax(x, axis=-1):
    y = _float(x)
    s = y - y.max(axis=axis, keepdims=True)
    return _result("log", s - np.log(np.exp(s).sum(axis=axis, keepdims=True)), x)
