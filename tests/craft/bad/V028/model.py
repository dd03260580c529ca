import torch.nn.functional as F


def train(model, loader, opt, device):
    for x, y in loader:
        model.to(device)
        opt.zero_grad()
        F.cross_entropy(model(x.to(device)), y.to(device)).backward()
        opt.step()
