import torch
import torch.nn.functional as F


def monte_carlo_dropout(model, x, n, p):
    return torch.stack([F.dropout(model(x), p, training=True) for _ in range(n)])
