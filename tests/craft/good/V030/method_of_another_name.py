import torch


def attention(q, k, v):
    return (q @ k.mT).softmax(-1) @ v
