import torch
from torch import nn


def parts(d):
    return nn.Linear(d, d), torch.optim.AdamW, "torch.nn.MultiheadAttention"
