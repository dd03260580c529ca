import torch


def compute_accuracy(clf, loader):
    n = ok = 0
    with torch.no_grad():
        for x, y in loader:
            ok += (clf(x).argmax(1) == y).sum().item()
            n += y.numel()
    return ok / n
