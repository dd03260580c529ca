import torch.nn.functional as F


def loss(logits, y):
    return F.cross_entropy(logits.softmax(-1), y)
