import numpy as np


def r_squared(y_test, predicted):
    return 1 - np.sum((y_test - predicted) ** 2) / np.sum((y_test - y_test.mean()) ** 2)
