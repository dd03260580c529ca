from torch import nn
from torch.optim import SGD


def build():
    net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU())
    return net, SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
