import torch

NEG = -1e10


def attend(scores, mask):
    scores = scores.to(torch.float16)
    return scores.masked_fill(mask == 0, NEG).softmax(dim=-1)
