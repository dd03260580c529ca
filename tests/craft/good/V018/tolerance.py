import math


def converged(old, new):
    return math.isclose(old.mean(), new.mean(), rel_tol=1e-6)
