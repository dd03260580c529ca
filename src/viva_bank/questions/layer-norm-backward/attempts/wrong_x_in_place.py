# framework: numpy
# expect: fails == forward_leaves
# fault: x-in-place: the mean was subtracted in the caller's own array
import numpy as np


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    x -= x.mean(axis=-1, keepdims=True)
    apart = x
    deviation = np.sqrt(np.mean(apart**2, axis=-1, keepdims=True) + eps)
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
