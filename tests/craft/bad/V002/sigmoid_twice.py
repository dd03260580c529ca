import torch
import torch.nn.functional as F


def loss(scores, y):
    return F.binary_cross_entropy_with_logits(torch.sigmoid(scores), y)
