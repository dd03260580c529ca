# framework: numpy
# expect: correctness == 1
# expect: ended == finished
# Stays in the dtype of the inputs all the way: in float16 the keys are scaled before the product, so that it fits.
import math

import numpy as np


def attention(q, k, v, mask=None):
    root = math.sqrt(math.sqrt(q.shape[-1]))
    scores = (q / root) @ (k / root).swapaxes(-2, -1)
    if mask is not None:
        bias = np.zeros(mask.shape, q.dtype)
        bias[~mask] = -np.inf
        scores = scores + bias
    highest = scores.max(-1, keepdims=True)
    highest[highest == -np.inf] = 0
    weights = np.exp(scores - highest)
    weights /= np.maximum(weights.sum(-1, keepdims=True), np.finfo(q.dtype).tiny)
    return weights @ v
