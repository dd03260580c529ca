from sklearn.model_selection import train_test_split


def prepare(X, y):
    X = (X - X.min(axis=0)) / (X.max(axis=0) - X.min(axis=0))
    return train_test_split(X, y, random_state=0)
