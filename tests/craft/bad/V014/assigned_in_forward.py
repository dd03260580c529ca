from torch import nn


class Block(nn.Module):
    def forward(self, x):
        drop = nn.Dropout(0.5)
        return drop(x).relu()
