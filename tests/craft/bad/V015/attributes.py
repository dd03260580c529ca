class Trainer:
    def __init__(self, model, opt, lr_scheduler):
        self.model, self.opt, self.lr_scheduler = model, opt, lr_scheduler

    def epoch(self, loader):
        for batch in loader:
            self.opt.zero_grad()
            self.model(batch).mean().backward()
            self.lr_scheduler.step()
            self.opt.step()
