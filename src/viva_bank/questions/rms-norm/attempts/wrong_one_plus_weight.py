# framework: numpy
# expect: correctness < 0.35
# expect: fails == example, example_eps, mean_square_one, values, leading_axes, rows_apart, size_one, weight_by_column, weight_signs, eps_inside, zero_row, far_sizes, half, half_overflow, half_underflow, half_eps, mixed, wide_weight
# fault: one-plus-weight: one was added to the weight
import numpy as np


def rms_norm(x, weight, eps=1e-6):
    y = x.astype(np.result_type(x.dtype, np.float32))
    return (y / np.sqrt((y * y).mean(axis=-1, keepdims=True) + eps) * (1 + weight)).astype(x.dtype)
