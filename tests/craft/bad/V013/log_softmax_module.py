import torch


class Head(torch.nn.Module):
    def __init__(self, d, n):
        super().__init__()
        self.out = torch.nn.Linear(d, n)
        self.log_probs = torch.nn.LogSoftmax()
