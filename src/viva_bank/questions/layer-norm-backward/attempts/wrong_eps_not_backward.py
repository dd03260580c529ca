# framework: numpy
# expect: fails == example_backward, dx_eps, backward_constant
# fault: eps-not-backward: eps was left out of the root on the way back
import numpy as np


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    apart = x - x.mean(axis=-1, keepdims=True)
    deviation = np.sqrt(np.mean(apart**2, axis=-1, keepdims=True) + eps)
    normed = apart / deviation
    return gamma * normed + beta, (normed, deviation, gamma, eps)


def layer_norm_backward(dy, cache):
    normed, deviation, gamma, eps = cache
    deviation = np.sqrt(np.maximum(deviation**2 - eps, 1e-30))
    axes = tuple(range(dy.ndim - 1))
    dbeta = dy.sum(axis=axes)
    dgamma = (dy * normed).sum(axis=axes)
    g = dy * gamma
    dx = (g - g.mean(axis=-1, keepdims=True) - normed * (g * normed).mean(axis=-1, keepdims=True)) / deviation
    return dx, dgamma, dbeta
