# framework: numpy
# expect: correctness < 1
# expect: fails == worked_example, decay_with_gradients, by_position, float32_values, independent_objects
# fault: decay-after-update: the decay was taken from the value after the gradient step
import numpy as np


class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        self.lr, self.betas, self.eps, self.weight_decay = lr, betas, eps, weight_decay
        self.t = 0
        self.params = list(params)
        self.m = [np.zeros_like(p) for p in params]
        self.v = [np.zeros_like(p) for p in params]

    def step(self, grads):
        b1, b2 = self.betas
        self.t += 1
        new = []
        for i, (p, g) in enumerate(zip(self.params, grads)):
            self.m[i] = b1 * self.m[i] + (1 - b1) * g
            self.v[i] = b2 * self.v[i] + (1 - b2) * g * g
            m = self.m[i] / (1 - b1**self.t)
            v = self.v[i] / (1 - b2**self.t)
            p = p - self.lr * m / (np.sqrt(v) + self.eps)
            new.append(p - self.lr * self.weight_decay * p)
        self.params = new
        return list(new)
