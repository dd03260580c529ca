# framework: numpy
# expect: fails == gamma_zero
# fault: from-y: the normalised rows were recovered from y on the way back, which fails where gamma is zero
import numpy as np


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    apart = x - x.mean(axis=-1, keepdims=True)
    deviation = np.sqrt(np.mean(apart**2, axis=-1, keepdims=True) + eps)
    normed = apart / deviation
    y = gamma * normed + beta
    return y, (y, deviation, gamma, beta)


def layer_norm_backward(dy, cache):
    y, deviation, gamma, beta = cache
    normed = (y - beta) / gamma
    axes = tuple(range(dy.ndim - 1))
    dbeta = dy.sum(axis=axes)
    dgamma = (dy * normed).sum(axis=axes)
    g = dy * gamma
    dx = (g - g.mean(axis=-1, keepdims=True) - normed * (g * normed).mean(axis=-1, keepdims=True)) / deviation
    return dx, dgamma, dbeta
