# framework: torch
# expect: correctness < 0.9
# expect: fails == example_empty, empty_rows_finite, empty_rows
# fault: nan-rows: a query that may look at nothing was divided by zero and gave NaN
import math

import torch


def attention(q, k, v, mask=None):
    work = torch.promote_types(q.dtype, torch.float32)
    scores = q.to(work) @ k.to(work).transpose(-2, -1) / math.sqrt(q.size(-1))
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    return (torch.softmax(scores, dim=-1) @ v.to(work)).to(q.dtype)
