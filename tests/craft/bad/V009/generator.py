import numpy as np


def bootstrap(x, n):
    rng = np.random.default_rng()
    return [rng.choice(x, len(x)).mean() for _ in range(n)]
