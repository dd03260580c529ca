import torch.nn.functional as F


def probs(logits):
    return F.softmax(logits)
