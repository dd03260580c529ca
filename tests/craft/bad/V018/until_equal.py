def bisect(f, low, high):
    while low != (low + high) / 2:
        middle = (low + high) / 2
        if f(middle) > 0:
            high = middle
        else:
            low = middle
    return low
