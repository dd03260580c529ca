import numpy as np


def report(y_test, predicted):
    return {"mean": y_test.mean(), "error": np.abs(y_test - predicted).mean()}
