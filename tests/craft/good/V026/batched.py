from torch.utils.data import DataLoader


def loaders(train_set, n):
    return DataLoader(train_set, batch_size=32, shuffle=True), DataLoader(train_set, n)
