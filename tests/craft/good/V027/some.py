import torch
from torch.utils.data import DataLoader


def make(train_set, n):
    torch.cuda.synchronize()
    return DataLoader(train_set, batch_size=64, num_workers=4), DataLoader(train_set, num_workers=n)
