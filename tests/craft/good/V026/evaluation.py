from torch.utils.data import DataLoader


def loaders(test_set):
    test_loader = DataLoader(test_set, batch_size=1)
    return test_loader, DataLoader(test_set)
