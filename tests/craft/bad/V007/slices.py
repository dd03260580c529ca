from sklearn.preprocessing import StandardScaler


def split(X, y, n):
    scaler = StandardScaler()
    X_scaled = scaler.fit_transform(X)
    X_train, X_test = X_scaled[:n], X_scaled[n:]
    return X_train, X_test, y[:n], y[n:]
