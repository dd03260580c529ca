import torch.nn.utils as utils


class Trainer:
    def step(self, batch):
        self.opt.zero_grad()
        self.scaler.scale(self.model(batch).mean()).backward()
        utils.clip_grad_norm_(self.model.parameters(), self.limit)
        self.scaler.unscale_(self.opt)
        self.scaler.step(self.opt)
        self.scaler.update()
