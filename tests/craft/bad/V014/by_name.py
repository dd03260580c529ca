import torch
from torch import nn


class Attention(nn.Module):
    def forward(self, scores, v):
        weights = torch.softmax(scores, dim=-1)
        weights = torch.nn.functional.dropout(weights, p=0.1)
        return weights @ v
