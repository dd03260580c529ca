import numpy as np


def forward(x, weights, epochs):
    for layer in range(len(weights)):
        x = np.maximum(x @ weights[layer], 0)
    for _ in range(epochs):
        x = x / np.abs(x).max()
    return x
