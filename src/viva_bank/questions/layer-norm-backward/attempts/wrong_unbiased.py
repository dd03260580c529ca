# framework: numpy
# expect: fails == example_forward, example_backward, variance_one, forward_values, forward_far, forward_eps, forward_constant, backward_values, single_row, gamma_zero, backward_far, backward_constant, size_one, float32_values
# fault: other-divisor: the sum of squared distances was divided by another number than D, in both passes
import numpy as np


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    apart = x - x.mean(axis=-1, keepdims=True)
    deviation = np.sqrt(np.sum(apart**2, axis=-1, keepdims=True) / max(x.shape[-1] - 1, 1) + eps)
    normed = apart / deviation
    return gamma * normed + beta, (normed, deviation, gamma)


def layer_norm_backward(dy, cache):
    normed, deviation, gamma = cache
    axes = tuple(range(dy.ndim - 1))
    dbeta = dy.sum(axis=axes)
    dgamma = (dy * normed).sum(axis=axes)
    g = dy * gamma
    dx = (
        g
        - g.mean(axis=-1, keepdims=True)
        - normed * (g * normed).sum(axis=-1, keepdims=True) / max(dy.shape[-1] - 1, 1)
    ) / deviation
    return dx, dgamma, dbeta
