import torch


class Trainer:
    def __init__(self, model):
        self.model = model
        self.optim = torch.optim.AdamW(model.parameters())

    def run(self, batches):
        step = 0
        while step < 100:
            loss = self.model(next(batches)).mean()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.optim.step()
            step += 1
