# framework: torch
# expect: correctness < 0.98
# expect: fails == inputs_unchanged
# fault: in-place: an input was changed in place
import math

import torch


def attention(q, k, v, mask=None):
    q.mul_(1 / math.sqrt(q.size(-1)))
    work = torch.promote_types(q.dtype, torch.float32)
    scores = q.to(work) @ k.to(work).mT
    if mask is not None:
        scores.masked_fill_(mask.logical_not(), float("-inf"))
    weights = torch.softmax(scores, dim=-1).nan_to_num_()
    return (weights @ v.to(work)).to(q.dtype)
