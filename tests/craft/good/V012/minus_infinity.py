import torch


def attention(scores, mask):
    scores = scores.half()
    return scores.masked_fill(~mask, float("-inf"))
