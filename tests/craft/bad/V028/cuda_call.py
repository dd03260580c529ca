import torch


def masks(lengths, T):
    for length in lengths:
        yield (torch.arange(T).cuda() < length)
