# framework: numpy
# expect: correctness < 0.4
# expect: fails == example, mean_square_one, not_centred, values, leading_axes, rows_apart, size_one, weight_signs, eps_inside, zero_row, far_sizes, half, half_overflow, half_underflow, half_eps, mixed, wide_weight
# fault: first-axis: the mean was taken over the first axis instead of the last
import numpy as np


def rms_norm(x, weight, eps=1e-6):
    y = x.astype(np.result_type(x.dtype, np.float32))
    return (y / np.sqrt((y * y).mean(axis=0, keepdims=True) + eps) * weight).astype(x.dtype)
