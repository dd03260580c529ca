import numpy as np


def evaluate(model, xs, ys):
    return np.mean([model(x) == y for x, y in zip(xs, ys)])
