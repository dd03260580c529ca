from torch.utils.data import random_split


def parts(dataset, n):
    return random_split(dataset, [n, len(dataset) - n])
