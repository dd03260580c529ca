import torch
import torch.nn.functional as F


def fit(model, train_loader, val_loader, opt, epochs):
    for _ in range(epochs):
        model.train()
        for x, y in train_loader:
            opt.zero_grad()
            F.cross_entropy(model(x), y).backward()
            opt.step()
        with torch.no_grad():
            total = 0.0
            for x, y in val_loader:
                total += F.cross_entropy(model(x), y).item()
        print(total / len(val_loader))
