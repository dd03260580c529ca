# framework: numpy
# expect: fails == example_forward, example_backward, forward_far, forward_eps, forward_default, backward_default, backward_far
# fault: eps-fixed: eps was always 0.00001
import numpy as np


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    apart = x - x.mean(axis=-1, keepdims=True)
    deviation = np.sqrt(np.mean(apart**2, axis=-1, keepdims=True) + 1e-5)
    normed = apart / deviation
    return gamma * normed + beta, (normed, deviation, gamma)


def layer_norm_backward(dy, cache):
    normed, deviation, gamma = cache
    axes = tuple(range(dy.ndim - 1))
    dbeta = dy.sum(axis=axes)
    dgamma = (dy * normed).sum(axis=axes)
    g = dy * gamma
    dx = (g - g.mean(axis=-1, keepdims=True) - normed * (g * normed).mean(axis=-1, keepdims=True)) / deviation
    return dx, dgamma, dbeta
