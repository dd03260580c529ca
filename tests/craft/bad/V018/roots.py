import math


def same_length(a, b):
    return math.sqrt(a) == math.sqrt(b)
