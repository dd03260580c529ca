import torch


def attend(scores, mask, v):
    scores.masked_fill_(~mask, float("-inf"))
    return torch.softmax(scores, dim=-1) @ v
