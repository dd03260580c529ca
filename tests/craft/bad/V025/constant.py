import torch

LR = 0.5


def build(model):
    return torch.optim.AdamW(model.parameters(), LR)
