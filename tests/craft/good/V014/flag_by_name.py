import torch.nn.functional as F


def attention(weights, v, p, training):
    return F.dropout(weights, p=p, training=training) @ v
