def log(loss, history=None):
    history = [] if history is None else history
    history.append(loss)
    return history
