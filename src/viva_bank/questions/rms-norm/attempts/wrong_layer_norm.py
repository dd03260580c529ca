# framework: numpy
# expect: correctness < 0.4
# expect: fails == example, example_eps, not_centred, values, leading_axes, rows_apart, size_one, weight_signs, eps_inside, zero_row, far_sizes, half, half_overflow, half_underflow, half_eps, mixed, wide_weight
# fault: centred: the mean was subtracted, as in layer normalisation
import numpy as np


def rms_norm(x, weight, eps=1e-6):
    y = x.astype(np.result_type(x.dtype, np.float32))
    y = y - y.mean(axis=-1, keepdims=True)
    return (y / np.sqrt((y * y).mean(axis=-1, keepdims=True) + eps) * weight).astype(x.dtype)
