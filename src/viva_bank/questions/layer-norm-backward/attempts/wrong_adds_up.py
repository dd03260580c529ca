# framework: numpy
# expect: fails == cache_again
# fault: adds-up: dgamma and dbeta added up from one backward pass to the next
import numpy as np


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    apart = x - x.mean(axis=-1, keepdims=True)
    deviation = np.sqrt(np.mean(apart**2, axis=-1, keepdims=True) + eps)
    normed = apart / deviation
    return gamma * normed + beta, (normed, deviation, gamma, [0, 0])


def layer_norm_backward(dy, cache):
    normed, deviation, gamma, sums = cache
    axes = tuple(range(dy.ndim - 1))
    dbeta = sums[0] = sums[0] + dy.sum(axis=axes)
    dgamma = sums[1] = sums[1] + (dy * normed).sum(axis=axes)
    g = dy * gamma
    dx = (g - g.mean(axis=-1, keepdims=True) - normed * (g * normed).mean(axis=-1, keepdims=True)) / deviation
    return dx, dgamma, dbeta
