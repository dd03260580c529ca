from torch import nn, optim


def make(kind=nn.MultiheadAttention):
    return kind, getattr(optim, "SGD"), optim.Adam
