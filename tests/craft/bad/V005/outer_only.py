import torch.nn.functional as F


def train(model, loader, opt, epochs):
    for _ in range(epochs):
        opt.zero_grad()
        for x, y in loader:
            F.mse_loss(model(x), y).backward()
            opt.step()
