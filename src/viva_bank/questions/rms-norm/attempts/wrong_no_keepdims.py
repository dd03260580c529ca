# framework: numpy
# expect: correctness < 0.05
# expect: fails == example, mean_square_one, averaged, scale_cancels, not_centred, values, leading_axes, rows_apart, size_one, weight_by_column, weight_signs, eps_inside, eps_default, zero_row, far_sizes, half, half_overflow, half_underflow, half_eps, mixed, wide_weight, dtype_kept, dtype_of_x, inputs_unchanged, views, no_alias, earlier_result_kept, no_memory
# fault: no-keepdims: the mean lost its axis, so that it was lined up with columns or with nothing
import numpy as np


def rms_norm(x, weight, eps=1e-6):
    y = x.astype(np.result_type(x.dtype, np.float32))
    return (y / np.sqrt((y * y).mean(axis=-1) + eps) * weight).astype(x.dtype)
