from sklearn.preprocessing import StandardScaler


def prepare(X_train, X_test):
    scaler = StandardScaler()
    return scaler.fit_transform(X_train), scaler.transform(X_test)
