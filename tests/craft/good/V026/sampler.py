from torch.utils.data import DataLoader


def loaders(train_set, batches, options):
    return DataLoader(train_set, batch_sampler=batches), DataLoader(train_set, batch_size=None), DataLoader(train_set, **options)
