import numpy as np


def adam_step(p, m, v, t, lr, beta1, beta2, eps):
    size = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return p - size * m / (v**0.5 + eps)
