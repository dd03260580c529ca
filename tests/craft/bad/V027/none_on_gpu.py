import torch
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder


def train(model, path):
    loader = DataLoader(ImageFolder(path), batch_size=64, shuffle=True)
    for x, y in loader:
        model(x.cuda()).mean().backward()
