import torch


def build(net):
    return torch.optim.LBFGS(net.parameters(), lr=1.0)
