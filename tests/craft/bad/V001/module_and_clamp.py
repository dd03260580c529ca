import torch
from torch import nn


class Policy(nn.Module):
    def __init__(self, d, n):
        super().__init__()
        self.out = nn.Linear(d, n)
        self.softmax = nn.Softmax(dim=-1)

    def forward(self, x):
        p = self.softmax(self.out(x))
        return torch.log(torch.clamp(p, min=1e-8))
