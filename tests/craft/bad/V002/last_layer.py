import torch
from torch import nn

model = nn.Sequential(nn.Linear(20, 50), nn.ReLU(), nn.Linear(50, 3), nn.Softmax(dim=1))
loss_fn = nn.CrossEntropyLoss()
opt = torch.optim.Adam(model.parameters(), lr=1e-3)


def step(x, y):
    opt.zero_grad()
    loss_fn(model(x), y).backward()
    opt.step()
