from torch.utils.data import DataLoader, TensorDataset


def make(x, y):
    train_loader = DataLoader(TensorDataset(x, y), batch_size=1)
    test_loader = DataLoader(TensorDataset(x, y), batch_size=64)
    return train_loader, test_loader
