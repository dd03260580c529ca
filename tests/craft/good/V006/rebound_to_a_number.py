import torch.nn.functional as F


def train(model, loader, opt):
    total = 0.0
    for x, y in loader:
        opt.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        opt.step()
        loss = loss.item()
        total += loss
    return total
