from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score


def score(X, y):
    reduced = PCA(n_components=5).fit_transform(X)
    return cross_val_score(LogisticRegression(), reduced, y, cv=5).mean()
