import torch


def split(x, fraction):
    order = torch.randperm(len(x))
    n = int(fraction * len(x))
    return x[order[:n]], x[order[n:]]
