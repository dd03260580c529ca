import torch
from torch import nn


def optimizer(model: nn.Module):
    norm = nn.LayerNorm(8)
    decay = [p for p in model.parameters() if p.ndim >= 2]
    rest = [p for p in model.parameters() if p.ndim < 2]
    groups = [{"params": decay, "weight_decay": 0.1}, {"params": rest, "weight_decay": 0.0}]
    return norm, torch.optim.AdamW(groups, lr=1e-3)
