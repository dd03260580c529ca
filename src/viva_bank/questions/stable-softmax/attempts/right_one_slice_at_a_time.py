# framework: numpy
# expect: correctness == 1
# expect: ended == finished
import math

import numpy as np


def _one_slice(values):
    """Running maximum and sum in one pass over plain numbers -> (log of the sum of exponentials, relative to the maximum)."""
    top, total = -math.inf, 0.0
    for value in values:
        if value == -math.inf:
            continue
        if value > top:
            total = total * math.exp(top - value) + 1.0
            top = value
        else:
            total += math.exp(value - top)
    return top, total


def _apply(function, x, axis):
    kind = x.dtype if issubclass(x.dtype.type, np.floating) else np.dtype(float)
    return np.apply_along_axis(function, axis, x.astype(float)).astype(kind)


def softmax(x, axis=-1):
    def weights(line):
        top, total = _one_slice(line.tolist())
        return np.array([math.exp(value - top) / total for value in line.tolist()])

    return _apply(weights, x, axis)


def log_softmax(x, axis=-1):
    def logs(line):
        top, total = _one_slice(line.tolist())
        return np.array([value - top - math.log(total) for value in line.tolist()])

    return _apply(logs, x, axis)
