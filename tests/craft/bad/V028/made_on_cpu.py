import torch


def steps(model, n, device):
    for _ in range(n):
        noise = torch.randn(64, 128).to(device)
        yield model(noise)
