import math


def ratio(a, b):
    try:
        return a / b
    except:
        return math.nan
