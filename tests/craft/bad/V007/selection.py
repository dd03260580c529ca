from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.model_selection import train_test_split


def prepare(features, target):
    selector = SelectKBest(f_classif, k=10)
    best = selector.fit_transform(features, target)
    a, b, c, d = train_test_split(best, target, random_state=0)
    return a, b, c, d
