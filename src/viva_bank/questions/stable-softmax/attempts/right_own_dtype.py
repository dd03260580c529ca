# framework: numpy
# expect: correctness == 1
# expect: ended == finished
# Stays in the dtype of the input, but for the sums: after the shift nothing else needs more room.
import numpy as np


def _shifted(x, axis):
    x = np.moveaxis(np.array(x, dtype=x.dtype if x.dtype.kind == "f" else np.double), axis, 0)
    x -= np.amax(x, axis=0)  # a copy of our own
    return x


def softmax(x, axis=-1):
    e = np.exp(_shifted(x, axis))
    e /= np.sum(e, axis=0, dtype=np.result_type(e, np.float32))
    return np.ascontiguousarray(np.moveaxis(e, 0, axis))


def log_softmax(x, axis=-1):
    s = _shifted(x, axis)
    s -= np.log(np.sum(np.exp(s), axis=0, dtype=np.result_type(s, np.float32)))
    return np.ascontiguousarray(np.moveaxis(s, 0, axis))
