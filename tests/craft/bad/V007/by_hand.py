import numpy as np
from sklearn.model_selection import train_test_split


def prepare(X, y):
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    return train_test_split(X, y, random_state=np.random.RandomState(0))
