import torch


def mix(logits, counts):
    weights = torch.softmax(logits, dim=-1)
    return (weights * torch.log(counts)).sum(dim=-1)
