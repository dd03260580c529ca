def descend(w, grad):
    for step in range(10000):
        w = w - 0.1 * grad(w)
    return w
