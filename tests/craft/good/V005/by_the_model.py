import torch.nn.functional as F


def train(model, loader, opt):
    for x, y in loader:
        model.zero_grad()
        F.cross_entropy(model(x), y).backward()
        opt.step()
