import numpy as np


def prepare(X, y, rng):
    mu, sigma = X.mean(axis=0), X.std(axis=0)
    X = (X - mu) / sigma
    idx = rng.permutation(len(X))
    X_train, X_test = X[idx[:80]], X[idx[80:]]
    return X_train, X_test, y[idx[:80]], y[idx[80:]]
