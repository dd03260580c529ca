import torch


def probs(logits):
    return torch.nn.functional.softmax(logits, -1), logits.softmax(-1)
