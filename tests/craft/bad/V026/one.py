from torch.utils.data import DataLoader


def loaders(train_set):
    return DataLoader(train_set, batch_size=1, shuffle=True)
