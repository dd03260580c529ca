import torch


class Adam:
    def __init__(self, params, lr):
        self.inner = torch.optim.Adam(params, lr=lr)
