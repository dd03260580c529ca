# framework: numpy
# expect: correctness < 0.99
# expect: fails == wide_weight
# fault: weight-narrowed: the weight was brought to x's narrower dtype before the product, where it overflowed
import numpy as np


def rms_norm(x, weight, eps=1e-6):
    y = x.astype(np.result_type(x.dtype, np.float32))
    return (y / np.sqrt((y * y).mean(axis=-1, keepdims=True) + eps) * weight.astype(x.dtype)).astype(x.dtype)
