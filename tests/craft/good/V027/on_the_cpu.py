from torch.utils.data import DataLoader


def make(train_set):
    return DataLoader(train_set, batch_size=64, shuffle=True)
