import torch.nn as nn


class Block(nn.Module):
    def __init__(self, d, p):
        super().__init__()
        self.p = p
        self.linear = nn.Linear(d, d)

    def forward(self, x):
        return nn.Dropout(self.p)(self.linear(x))
