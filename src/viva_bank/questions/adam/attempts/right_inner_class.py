# framework: numpy
# expect: correctness == 1
# A small object for each parameter; moments by np.add and out=, into arrays of its own.
import numpy as np


class Slot:
    def __init__(self, value):
        self.value = value
        self.first = np.zeros(value.shape, value.dtype)
        self.second = np.zeros(value.shape, value.dtype)

    def update(self, g, t, o):
        b1, b2 = o.betas
        np.add(self.first * b1, g * (1 - b1), out=self.first)
        np.add(self.second * b2, g * g * (1 - b2), out=self.second)
        m = self.first / (1 - b1**t)
        v = self.second / (1 - b2**t)
        decay = o.weight_decay * self.value
        self.value = self.value - o.lr * (m / (v**0.5 + o.eps) + decay)
        return self.value


class Adam:
    def __init__(self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.0):
        self.lr, self.betas, self.eps, self.weight_decay = lr, betas, eps, weight_decay
        self.steps = 0
        self.slots = [Slot(p) for p in params]

    def step(self, grads):
        self.steps = self.steps + 1
        return [slot.update(g, self.steps, self) for slot, g in zip(self.slots, grads)]
