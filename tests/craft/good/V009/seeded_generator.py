import numpy as np


def bootstrap(x, n, seed=0):
    rng = np.random.default_rng(seed)
    return [rng.choice(x, len(x)).mean() for _ in range(n)]
