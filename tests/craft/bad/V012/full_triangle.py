import torch


def causal_mask(T):
    return torch.triu(torch.full((T, T), -1e9, dtype=torch.float16), diagonal=1)
