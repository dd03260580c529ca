class Adam:
    def __init__(self, params, lr):
        self.params, self.lr = params, lr


def make(params):
    return Adam(params, 1e-3)
