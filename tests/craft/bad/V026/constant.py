import torch

BATCH = 1
train_loader = torch.utils.data.DataLoader(torch.arange(10), BATCH, shuffle=True)
