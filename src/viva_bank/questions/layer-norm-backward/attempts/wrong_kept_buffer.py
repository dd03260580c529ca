# framework: numpy
# expect: fails == earlier_gradients
# fault: kept-buffer: one array was used for the dx of all calls of one shape
import numpy as np

_buffers = {}


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    apart = x - x.mean(axis=-1, keepdims=True)
    deviation = np.sqrt(np.mean(apart**2, axis=-1, keepdims=True) + eps)
    normed = apart / deviation
    return gamma * normed + beta, (normed, deviation, gamma)


def layer_norm_backward(dy, cache):
    normed, deviation, gamma = cache
    axes = tuple(range(dy.ndim - 1))
    dbeta = dy.sum(axis=axes)
    dgamma = (dy * normed).sum(axis=axes)
    g = dy * gamma
    dx = _buffers.setdefault((dy.shape, dy.dtype), np.empty_like(dy))
    dx[...] = (g - g.mean(axis=-1, keepdims=True) - normed * (g * normed).mean(axis=-1, keepdims=True)) / deviation
    return dx, dgamma, dbeta
