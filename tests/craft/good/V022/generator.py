import numpy as np


def noise(shape, seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=shape)
