class Trainer:
    def __init__(self, model, opt, criterion):
        self.model, self.opt, self.criterion = model, opt, criterion
        self.epoch_loss = 0.0

    def epoch(self, loader):
        for x, y in loader:
            self.opt.zero_grad()
            loss = self.criterion(self.model(x), y)
            loss.backward()
            self.opt.step()
            self.epoch_loss += loss
