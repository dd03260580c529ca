# framework: numpy
# expect: correctness < 0.35
# expect: fails == example, example_eps, mean_square_one, scale_cancels, values, leading_axes, rows_apart, size_one, weight_signs, eps_inside, zero_row, far_sizes, half, half_overflow, half_underflow, half_eps, mixed, wide_weight
# fault: no-root: rows were divided by the mean of squares instead of its root
import numpy as np


def rms_norm(x, weight, eps=1e-6):
    y = x.astype(np.result_type(x.dtype, np.float32))
    return (y / ((y * y).mean(axis=-1, keepdims=True) + eps) * weight).astype(x.dtype)
