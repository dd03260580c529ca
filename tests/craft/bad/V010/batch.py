import torch


def attention(q, k, v):
    B, T, d = q.shape
    out = torch.zeros_like(q)
    for b in range(B):
        out[b] = torch.softmax(q[b] @ k[b].T / d**0.5, dim=-1) @ v[b]
    return out
