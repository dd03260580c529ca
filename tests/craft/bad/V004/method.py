import torch.nn.functional as F


class Trainer:
    def __init__(self, model):
        self.model = model

    def validate(self, loader):
        self.model.eval()
        return sum(F.mse_loss(self.model(x), y).item() for x, y in loader)
