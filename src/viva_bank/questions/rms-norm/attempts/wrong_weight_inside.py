# framework: numpy
# expect: correctness < 0.4
# expect: fails == example, values, leading_axes, rows_apart, size_one, weight_by_column, weight_signs, eps_inside, zero_row, far_sizes, half, half_overflow, half_underflow, half_eps, mixed, wide_weight
# fault: weight-inside: the weight was applied before the mean of squares was taken
import numpy as np


def rms_norm(x, weight, eps=1e-6):
    y = x.astype(np.result_type(x.dtype, np.float32)) * weight
    y = y.astype(np.result_type(x.dtype, np.float32))
    return (y / np.sqrt((y * y).mean(axis=-1, keepdims=True) + eps)).astype(x.dtype)
