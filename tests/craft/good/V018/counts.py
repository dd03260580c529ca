def empty_rows(mask, total):
    return (mask.sum(-1) == 0) | (total == 1) | (mask.sum() == 4)
