import torch
import torch.nn.functional as F


def loss(scores, y):
    return F.binary_cross_entropy(torch.sigmoid(scores), y)
