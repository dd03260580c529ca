# framework: numpy
# expect: correctness == 1
# One long float64 vector for all parameters, changed in place; what goes in and out is copied.
import numpy as np


class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        self.kinds = [(p.shape, p.dtype, p.size) for p in params]
        self.theta = np.concatenate([p.ravel() for p in params]).astype(np.float64)
        self.m = np.zeros_like(self.theta)
        self.v = np.zeros_like(self.theta)
        self.lr, self.betas, self.eps, self.weight_decay = lr, betas, eps, weight_decay
        self.power1 = self.power2 = 1.0

    def step(self, grads):
        g = np.concatenate([grad.ravel() for grad in grads]).astype(np.float64)
        b1, b2 = self.betas
        self.power1 *= b1
        self.power2 *= b2
        self.m += (1 - b1) * (g - self.m)
        self.v += (1 - b2) * (g**2 - self.v)
        self.theta *= 1 - self.lr * self.weight_decay
        self.theta -= self.lr * (self.m / (1 - self.power1)) / (np.sqrt(self.v / (1 - self.power2)) + self.eps)
        out, at = [], 0
        for shape, dtype, size in self.kinds:
            out.append(self.theta[at : at + size].reshape(shape).astype(dtype))
            at += size
        return tuple(out)
