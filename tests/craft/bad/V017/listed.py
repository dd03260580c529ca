import torch
from torch import nn

WEIGHT_DECAY = 0.05
norm = nn.LayerNorm(16)
opt = torch.optim.AdamW(list(norm.parameters()), lr=1e-3, weight_decay=WEIGHT_DECAY)
