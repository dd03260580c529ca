# framework: numpy
# expect: fails == caches_apart
# fault: last-cache: what the backward pass needs was kept in one global place, so that only the last forward pass counted
import numpy as np

_last = {}


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    apart = x - x.mean(axis=-1, keepdims=True)
    deviation = np.sqrt(np.mean(apart**2, axis=-1, keepdims=True) + eps)
    normed = apart / deviation
    _last["it"] = (normed, deviation, gamma)
    return gamma * normed + beta, None


def layer_norm_backward(dy, cache):
    normed, deviation, gamma = _last["it"]
    axes = tuple(range(dy.ndim - 1))
    dbeta = dy.sum(axis=axes)
    dgamma = (dy * normed).sum(axis=axes)
    g = dy * gamma
    dx = (g - g.mean(axis=-1, keepdims=True) - normed * (g * normed).mean(axis=-1, keepdims=True)) / deviation
    return dx, dgamma, dbeta
