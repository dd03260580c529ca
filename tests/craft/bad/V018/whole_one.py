def check(probs):
    return probs.sum() == 1
