def search(step, remaining, best):
    while remaining > 0:
        remaining -= 1
        best += step(remaining)
    return best
