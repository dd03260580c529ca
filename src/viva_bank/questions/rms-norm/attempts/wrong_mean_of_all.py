# framework: numpy
# expect: correctness < 0.4
# expect: fails == example, mean_square_one, values, leading_axes, rows_apart, size_one, weight_signs, eps_inside, zero_row, far_sizes, half, half_overflow, half_underflow, half_eps, mixed, wide_weight
# fault: mean-of-all: the mean was taken over the whole array instead of each row
import numpy as np


def rms_norm(x, weight, eps=1e-6):
    y = x.astype(np.result_type(x.dtype, np.float32))
    return (y / np.sqrt((y * y).mean() + eps) * weight).astype(x.dtype)
