import torch


def prior(logits, counts):
    p = torch.softmax(logits, dim=-1)
    best = p.argmax(dim=-1)
    p = counts / counts.sum()
    return best, torch.log(p)
