import torch

x = torch.randn(1000, 10)
y = x @ torch.randn(10, 1) + 0.1 * torch.randn(1000, 1)
model = torch.nn.Linear(10, 1)
