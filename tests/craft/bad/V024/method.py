import numpy as np


class SGD:
    def __init__(self, lr):
        self.lr = lr

    def step(self, weights, grads):
        weights -= self.lr * np.asarray(grads)
        return weights.astype(np.float32)
