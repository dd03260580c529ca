import torch


@torch.no_grad()
def init_weights_(weight, out, cache, pos, k):
    weight.normal_(0, 0.02)
    out.zero_()
    cache[:, pos] = k
    return weight.shape


def attach(x):
    x.requires_grad_(True)
    return x.sum()
