def fit(model, x, y):
    model.fit(x, y, batch_size=32, epochs=1)
