from torch.utils.data import DataLoader

WORKERS = 48


def make(dataset):
    return DataLoader(dataset, 128, num_workers=WORKERS)
