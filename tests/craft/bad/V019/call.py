def group(pairs, by=dict()):
    for key, value in pairs:
        by.setdefault(key, []).append(value)
    return by
