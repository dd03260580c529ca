import torch


class Trainer:
    def __init__(self, model):
        self.model = model

    @torch.no_grad()
    def validate(self, batches):
        losses = [torch.nn.functional.mse_loss(self.model(x), y).item() for x, y in batches]
        return sum(losses) / len(losses)
