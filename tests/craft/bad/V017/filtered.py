import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.GroupNorm(2, 8)


def optimizer(net):
    return torch.optim.Adam(filter(lambda p: p.requires_grad, net.parameters()), weight_decay=1e-2)
