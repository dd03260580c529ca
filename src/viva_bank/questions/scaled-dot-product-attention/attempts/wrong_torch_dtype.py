# framework: torch
# expect: correctness < 0.98
# expect: fails == dtype_kept
# fault: dtype-drift: the result came in another dtype than the inputs
import math

import torch


def attention(q, k, v, mask=None):
    work = torch.promote_types(q.dtype, torch.float32)
    scores = q.to(work) @ k.to(work).mT / math.sqrt(q.size(-1))
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    weights = torch.softmax(scores, dim=-1).nan_to_num()
    return weights @ v.to(work)
