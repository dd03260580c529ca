import torch.optim as optim


def build(net):
    return optim.SGD(net.parameters(), lr=50, momentum=0.9)
