from torch.nn.functional import softmax


def attention(q, k, v):
    return softmax(q @ k.transpose(-2, -1)) @ v
