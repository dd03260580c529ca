from sklearn.model_selection import KFold, train_test_split


def prepare(X, y):
    folds = KFold(n_splits=5, shuffle=True, random_state=0)
    return train_test_split(X, y, random_state=0), folds, KFold(n_splits=3)
