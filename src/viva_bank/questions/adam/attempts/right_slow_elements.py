# framework: numpy
# expect: correctness == 1
"""Right, but every element of every parameter is moved by itself, in a Python loop."""

import numpy as np


class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        self.lr, self.betas, self.eps, self.decay = lr, betas, eps, weight_decay
        self.params = [np.array(p) for p in params]
        self.m = [np.zeros_like(p) for p in params]
        self.v = [np.zeros_like(p) for p in params]
        self.t = 0

    def step(self, grads):
        self.t += 1
        b1, b2 = self.betas
        c1, c2 = 1 - b1**self.t, 1 - b2**self.t
        for p, m, v, g in zip(self.params, self.m, self.v, grads, strict=True):
            for i in np.ndindex(p.shape):
                m[i] = b1 * m[i] + (1 - b1) * g[i]
                v[i] = b2 * v[i] + (1 - b2) * g[i] * g[i]
                p[i] -= self.lr * (self.decay * p[i] + (m[i] / c1) / (np.sqrt(v[i] / c2) + self.eps))
        return [p.copy() for p in self.params]
