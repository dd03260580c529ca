import torch
from torch import nn

model = nn.Linear(8, 1, bias=False)
opt = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.1)
