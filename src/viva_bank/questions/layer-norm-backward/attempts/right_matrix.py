# framework: numpy
# expect: correctness == 1
# expect: ended == finished
# Multiplies with the matrix of all derivatives of a normalised row, and remembers in an object.
import math

import numpy as np


class Memory:
    def __init__(self, **things):
        self.__dict__.update(things)


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    rows = x.reshape(-1, x.shape[-1])
    n, d = rows.shape
    normed, scale = np.empty((n, d), x.dtype), np.empty(n, x.dtype)
    for i, row in enumerate(rows):
        mean = math.fsum(row) / d
        scale[i] = 1 / math.sqrt(math.fsum((float(v) - mean) ** 2 for v in row) / d + eps)
        normed[i] = [(float(v) - mean) * float(scale[i]) for v in row]
    y = (normed * gamma + beta).reshape(x.shape)
    return y, Memory(normed=normed, scale=scale, gamma=gamma.copy())


def layer_norm_backward(dy, cache):
    table = dy.reshape(cache.normed.shape)
    d = table.shape[1]
    dx = np.empty_like(table)
    for i in range(len(table)):
        derivatives = d * np.eye(d) - 1 - np.outer(cache.normed[i], cache.normed[i])
        dx[i] = derivatives @ (table[i] * cache.gamma) * (cache.scale[i] / d)
    dgamma = np.einsum("nd,nd->d", table, cache.normed)
    return [dx.reshape(dy.shape), dgamma, np.einsum("nd->d", table).copy()]
