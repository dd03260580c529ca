# framework: numpy
# expect: correctness < 0.98
# expect: fails == indivisible
# fault: no-value-error: an n_heads that does not divide D did not end in a ValueError
import math

import numpy as np


def head(x, wq, wk, wv, may_look):
    scores = x @ wq @ (x @ wk).swapaxes(1, 2) / math.sqrt(wq.shape[1])
    if may_look is not None:
        scores = np.where(may_look, scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores - np.where(np.isinf(top), 0, top))
    total = weights.sum(axis=-1, keepdims=True)
    return weights @ (x @ wv) / np.where(total > 0, total, 1)


def multi_head_attention(x, wq, wk, wv, wo, n_heads, mask=None):
    d = max(1, x.shape[-1] // n_heads)
    joined = np.zeros_like(x)
    for first in range(0, x.shape[-1], d):
        columns = slice(first, first + d)
        joined[..., columns] = head(x, wq[:, columns], wk[:, columns], wv[:, columns], mask)
    return joined @ wo
