# framework: torch
# expect: correctness == 1
# expect: ended == finished
import math

import torch


def attention(q, k, v, mask=None):
    scores = torch.matmul(q.double(), k.double().transpose(-2, -1)) / math.sqrt(q.size(-1))
    if mask is not None:
        scores = torch.where(mask, scores, torch.tensor(float("-inf"), dtype=scores.dtype))
    weights = torch.nan_to_num(torch.softmax(scores, dim=-1))
    return torch.matmul(weights, v.double()).type_as(q)
