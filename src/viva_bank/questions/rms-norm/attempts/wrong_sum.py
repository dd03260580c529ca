# framework: numpy
# expect: correctness < 0.35
# expect: fails == example, example_eps, mean_square_one, averaged, values, leading_axes, rows_apart, size_one, weight_signs, eps_inside, zero_row, far_sizes, half, half_overflow, half_underflow, half_eps, mixed, wide_weight
# fault: sum: the squares were summed, and not divided by their number
import numpy as np


def rms_norm(x, weight, eps=1e-6):
    y = x.astype(np.result_type(x.dtype, np.float32))
    return (y / np.sqrt((y * y).sum(axis=-1, keepdims=True) + eps) * weight).astype(x.dtype)
