import torch


def build(net, lr):
    a = torch.optim.Adam(net.parameters(), lr=3e-4)
    b = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    return a, b, torch.optim.AdamW(net.parameters(), lr=lr), torch.optim.Adam(net.parameters())
