import numpy as np


def normalise(x_train, x_test):
    both = np.vstack((x_train, x_test))
    mean, std = both.mean(axis=0), both.std(axis=0)
    return (x_train - mean) / std, (x_test - mean) / std
