import torch


def attention(scores, mask):
    scores = scores.to(torch.float16)
    return scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
