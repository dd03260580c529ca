from torch import nn


class MyAttention(nn.MultiheadAttention):
    pass
