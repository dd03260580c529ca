import torch


def entropy(logits):
    probs = torch.softmax(logits, -1)
    return -(probs * probs.log2()).sum(-1)
