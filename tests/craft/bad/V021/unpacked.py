def limits(x):
    min, max = x[0], x[-1]
    return max - min
