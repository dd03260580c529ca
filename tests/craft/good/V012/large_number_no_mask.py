import numpy as np


def nearest(points, query):
    best = -1e9
    for point in points.astype(np.float16):
        best = max(best, float(-np.abs(point - query).sum()))
    return best
