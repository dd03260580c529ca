"""Adam with decoupled weight decay (AdamW) in NumPy.

Sources: Kingma and Ba 2015, algorithm 1, https://arxiv.org/abs/1412.6980 (moments and their bias correction);
Loshchilov and Hutter 2019, algorithm 2, https://arxiv.org/abs/1711.05101 (decay beside the gradient step, not inside it).
"""

import numpy as np


class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        self.lr, self.eps, self.weight_decay = lr, eps, weight_decay
        self.beta1, self.beta2 = betas
        self.t = 0  # steps taken
        self.params = list(params)  # never written into, so no copies are needed; each (*shape)
        self.m = [np.zeros_like(p) for p in params]  # running mean of g, (*shape)
        self.v = [np.zeros_like(p) for p in params]  # running mean of g * g, (*shape)

    def step(self, grads):
        self.t += 1  # once a step, not once a parameter
        # Both means begin at zero, so after t steps they hold only 1 - beta**t of their weight. Python floats: a float32
        # array divided by one stays float32, by a np.float64 it would not.
        c1 = 1 - self.beta1**self.t
        c2 = 1 - self.beta2**self.t
        new = []
        for i, (p, g) in enumerate(zip(self.params, grads, strict=True)):
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g * g
            move = (self.m[i] / c1) / (np.sqrt(self.v[i] / c2) + self.eps)  # about 1 in size, whatever the scale of g
            new.append(p - self.lr * self.weight_decay * p - self.lr * move)  # both terms from p before the step
        self.params = new
        return list(new)  # the caller may change its list; ours stays
