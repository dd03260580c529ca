def fit(model, x, y, stopping):
    return model.fit(x, y, epochs=2000, callbacks=[stopping])
