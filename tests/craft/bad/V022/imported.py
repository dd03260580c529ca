from numpy.random import rand


def dropout(x, p):
    return x * (rand(*x.shape) > p) / (1 - p)
