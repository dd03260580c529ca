import torch


def collect(batches, model):
    return torch.cat([model(batch) for batch in batches])
