import torch


def train(model, data, steps):
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4)
    warmup = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min(1.0, s / 100))
    for _ in range(steps):
        warmup.step()
        optimizer.zero_grad()
        model(next(data)).mean().backward()
        optimizer.step()
