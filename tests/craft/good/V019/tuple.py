class Adam:
    def __init__(self, params, betas=(0.9, 0.999)):
        self.params = list(params)
        self.betas = betas
