import torch
import torch.nn.functional as F


@torch.no_grad()
def evaluate(model, loader):
    model.eval()
    total = 0
    for x, y in loader:
        loss = F.cross_entropy(model(x), y)
        total += loss
    return total / len(loader)
