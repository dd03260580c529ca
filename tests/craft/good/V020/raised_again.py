def step(model, batch, log):
    try:
        return model(batch)
    except Exception as problem:
        log(problem)
        raise
