# framework: numpy
# expect: correctness < 0.15
# expect: fails == example_softmax, softmax_values, log_values, softmax_axes, log_axes, size_one, weights_sum, large_softmax, large_log, slices_apart, holes_softmax, holes_log, holes_low, half, half_long, integers, small_integers, integer_dtype, dtype_kept, input_unchanged, views, no_alias, earlier_result_kept, no_memory
# fault: no-keepdims: maximum and sum lost their axis, so they were lined up with the wrong slices or with none
import numpy as np


def _float(x):
    return x.astype(np.float64) if x.dtype.kind in "iu" else x.astype(np.result_type(x.dtype, np.float32))


def _kind(x):
    return np.float64 if x.dtype.kind in "iu" else x.dtype


def softmax(x, axis=-1):
    y = _float(x)
    e = np.exp(y - y.max(axis=axis))
    return (e / e.sum(axis=axis)).astype(_kind(x))


def log_softmax(x, axis=-1):
    y = _float(x)
    s = y - y.max(axis=axis)
    return (s - np.log(np.exp(s).sum(axis=axis))).astype(_kind(x))
