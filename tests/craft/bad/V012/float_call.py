import torch


def mask_logits(logits, keep):
    logits = logits.type(torch.half)
    return torch.where(keep, logits, float("-1e30"))
