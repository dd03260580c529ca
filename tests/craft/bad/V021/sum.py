def mean(values):
    sum = 0
    for value in values:
        sum += value
    return sum / len(values)
