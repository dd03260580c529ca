import numpy as np


def step(params, grads, lr):
    out = []
    for i, g in enumerate(grads):
        out.append(params[i] - lr * np.clip(g, -1, 1))
    return out
