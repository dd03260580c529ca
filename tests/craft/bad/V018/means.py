def converged(old, new):
    return old.mean() == new.mean()
