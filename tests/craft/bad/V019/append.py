def log(loss, history=[]):
    history.append(loss)
    return history
