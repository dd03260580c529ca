from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


def prepare(X, y, extra):
    unlabelled = StandardScaler().fit_transform(extra)
    return train_test_split(X, y, random_state=0), unlabelled
