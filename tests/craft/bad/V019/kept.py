class Trainer:
    def __init__(self, model, callbacks=[]):
        self.model = model
        self.callbacks = callbacks
