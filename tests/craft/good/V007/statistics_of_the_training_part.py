def prepare(X, y, n):
    X_train, X_test = X[:n], X[n:]
    mu, sigma = X_train.mean(axis=0), X_train.std(axis=0)
    X_train = (X_train - mu) / sigma
    X_test = (X_test - mu) / sigma
    return X_train, X_test, y[:n], y[n:]
