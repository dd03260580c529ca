import numpy as np
from sklearn.preprocessing import StandardScaler


def prepare(X_train, X_test):
    scaler = StandardScaler().fit(np.concatenate([X_train, X_test]))
    return scaler.transform(X_train), scaler.transform(X_test)
