# framework: numpy
# expect: correctness < 1
# expect: fails == several_parameters, zero_gradient, decay_with_gradients, defaults, float32_values, independent_objects
# fault: step-counted-per-parameter: the step number went up once for each parameter
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
        new = []
        for i, (p, g) in enumerate(zip(self.params, grads)):
            self.t += 1
            self.m[i] = b1 * self.m[i] + (1 - b1) * g
            self.v[i] = b2 * self.v[i] + (1 - b2) * g * g
            m = self.m[i] / (1 - b1**self.t)
            v = self.v[i] / (1 - b2**self.t)
            new.append(p - self.lr * self.weight_decay * p - self.lr * m / (np.sqrt(v) + self.eps))
        self.params = new
        return list(new)
