# framework: numpy
# expect: fails == earlier_y
# fault: y-in-cache: the backward pass overwrote the array that the forward pass had returned
import numpy as np


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    apart = x - x.mean(axis=-1, keepdims=True)
    deviation = np.sqrt(np.mean(apart**2, axis=-1, keepdims=True) + eps)
    normed = apart / deviation
    y = gamma * normed + beta
    return y, (normed, deviation, gamma, y)


def layer_norm_backward(dy, cache):
    normed, deviation, gamma, spare = cache
    axes = tuple(range(dy.ndim - 1))
    dbeta = dy.sum(axis=axes)
    dgamma = (dy * normed).sum(axis=axes)
    g = np.multiply(dy, gamma, out=spare)
    dx = (g - g.mean(axis=-1, keepdims=True) - normed * (g * normed).mean(axis=-1, keepdims=True)) / deviation
    return dx, dgamma, dbeta
