import numpy as np


def best_paths(step, n):
    best = np.empty(n)
    best[0] = -1e9
    for i in range(1, n):
        best[i] = max(best[i - 1], step(i))
    return best
