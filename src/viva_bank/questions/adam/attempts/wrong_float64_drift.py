# framework: numpy
# expect: correctness < 1
# expect: fails == float32_stays
# fault: float64-drift: a np.float64 turned float32 parameters into float64
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
            root = np.sqrt(1 - b2**self.t)
            new.append(p - self.lr * self.weight_decay * p - self.lr * m / (np.sqrt(self.v[i]) / root + self.eps))
        self.params = new
        return list(new)
