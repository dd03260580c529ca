import torch

from data import model, test_loader

model.eval()
errors = []
for x, y in test_loader:
    errors.append((model(x) - y).abs().mean())
print(torch.stack(errors).mean())
