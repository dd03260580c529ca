from sklearn.impute import SimpleImputer


def fill(X_train, X_valid):
    imputer = SimpleImputer(strategy="median")
    X_train = imputer.fit_transform(X_train)
    X_valid = SimpleImputer(strategy="median").fit_transform(X_valid)
    return X_train, X_valid
