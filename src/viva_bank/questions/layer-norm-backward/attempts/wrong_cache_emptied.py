# framework: numpy
# expect: fails == cache_again, earlier_gradients
# fault: cache-emptied: the backward pass took the cache apart, so that it could be used only once
import numpy as np


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    apart = x - x.mean(axis=-1, keepdims=True)
    deviation = np.sqrt(np.mean(apart**2, axis=-1, keepdims=True) + eps)
    normed = apart / deviation
    return gamma * normed + beta, [normed, deviation, gamma]


def layer_norm_backward(dy, cache):
    gamma, deviation, normed = cache.pop(), cache.pop(), cache.pop()
    axes = tuple(range(dy.ndim - 1))
    dbeta = dy.sum(axis=axes)
    dgamma = (dy * normed).sum(axis=axes)
    g = dy * gamma
    dx = (g - g.mean(axis=-1, keepdims=True) - normed * (g * normed).mean(axis=-1, keepdims=True)) / deviation
    return dx, dgamma, dbeta
