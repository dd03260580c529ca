import torch
from torch import nn


class Layer(nn.Module):
    def __init__(self, d, generator):
        super().__init__()
        self.w = nn.Parameter(torch.randn(d, d) * d**-0.5)
        self.order = torch.randperm(d, generator=generator)
