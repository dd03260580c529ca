# framework: numpy
# expect: fails == example_backward, dgamma_sum, backward_values, single_row, gamma_zero, dgamma_eps, backward_far, backward_constant, size_one, width_one, float32_values
# fault: dgamma-of-x: dgamma was taken with x itself instead of the normalised rows
import numpy as np


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    apart = x - x.mean(axis=-1, keepdims=True)
    deviation = np.sqrt(np.mean(apart**2, axis=-1, keepdims=True) + eps)
    normed = apart / deviation
    return gamma * normed + beta, (normed, deviation, gamma, x)


def layer_norm_backward(dy, cache):
    normed, deviation, gamma, x = cache
    axes = tuple(range(dy.ndim - 1))
    dbeta = dy.sum(axis=axes)
    dgamma = (dy * x).sum(axis=axes)
    g = dy * gamma
    dx = (g - g.mean(axis=-1, keepdims=True) - normed * (g * normed).mean(axis=-1, keepdims=True)) / deviation
    return dx, dgamma, dbeta
