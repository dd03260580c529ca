import torch
from torch import nn

model = nn.LayerNorm(8)
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
other = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.0)
