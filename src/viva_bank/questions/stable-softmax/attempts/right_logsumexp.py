# framework: numpy
# expect: correctness == 1
# expect: ended == finished
import numpy as np
from scipy.special import logsumexp


def log_softmax(x, axis=-1):
    kind = x.dtype if x.dtype.kind == "f" else float
    wide = x.astype(np.float64)
    return (wide - logsumexp(wide, axis=axis, keepdims=True)).astype(kind)


def softmax(x, axis=-1):
    kind = x.dtype if x.dtype.kind == "f" else float
    return np.exp(log_softmax(x.astype(np.float64), axis)).astype(kind)
