import torch
from torch.utils.data import DataLoader, TensorDataset


def make(x, y):
    data = TensorDataset(x, y)
    torch.cuda.empty_cache()
    return DataLoader(data, batch_size=64), DataLoader(TensorDataset(x, y), batch_size=64)
