import torch


def build(net):
    return torch.optim.RMSprop(net.parameters(), lr=0.0)
