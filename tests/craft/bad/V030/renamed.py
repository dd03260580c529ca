import torch

F = torch.nn.functional
fast = F.scaled_dot_product_attention


def attention(q, k, v):
    return fast(q, k, v)
