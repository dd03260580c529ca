import torch
from torch import nn

model = nn.Sequential(nn.Linear(8, 8), nn.LayerNorm(8), nn.Linear(8, 1))
opt = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.1)
