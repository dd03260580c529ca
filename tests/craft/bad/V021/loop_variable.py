def total(rows):
    out = 0
    for all in rows:
        out += all
    return out
