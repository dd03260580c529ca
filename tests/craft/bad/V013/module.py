from torch import nn

head = nn.Sequential(nn.Linear(8, 4), nn.Softmax())
