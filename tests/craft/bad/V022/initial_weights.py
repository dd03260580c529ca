import numpy as np


class Layer:
    def __init__(self, n, m):
        self.w = np.random.randn(n, m) * 0.01
