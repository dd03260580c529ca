import torch.nn.functional as F


def train(model, loader, opt, every):
    for i, (x, y) in enumerate(loader):
        (F.cross_entropy(model(x), y) / every).backward()
        if (i + 1) % every == 0:
            opt.step()
            opt.zero_grad()
