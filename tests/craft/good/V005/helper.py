import torch.nn.functional as F


def update(opt, loss):
    opt.zero_grad()
    loss.backward()
    opt.step()


def train(model, loader, opt):
    for x, y in loader:
        update(opt, F.cross_entropy(model(x), y))
