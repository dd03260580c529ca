import torch


def attention(q, k, v, mask):
    q, k, v = q.half(), k.half(), v.half()
    scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5
    scores = scores.masked_fill(~mask, -1e9)
    return torch.softmax(scores, dim=-1) @ v
