def is_tenth(step):
    return step * 0.1 == 0.3
