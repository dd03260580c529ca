import torch


def build(w):
    return torch.optim.SGD([w], lr=1.0), torch.optim.Adam([w], lr=0.05)
