import torch
from torch.utils.data import DataLoader

device = torch.device("cuda")


def make(train_set):
    return DataLoader(train_set, batch_size=64, num_workers=0)
