def join(list, str):
    return str.join(list)
