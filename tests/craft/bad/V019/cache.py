def embed(token, cache={}):
    if token not in cache:
        cache[token] = hash(token) % 1000
    return cache[token]
