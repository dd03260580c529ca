from torch.utils import data


def make(train):
    return data.DataLoader(train, num_workers=4, pin_memory=True)
