# framework: numpy
# expect: correctness < 0.98
# expect: fails == no_memory
# fault: leftover: a call used what an earlier call had left behind
import math

import numpy as np

_joined = {}


def multi_head_attention(x, wq, wk, wv, wo, n_heads, mask=None):
    b, t, width = x.shape
    if width % n_heads:
        raise ValueError("n_heads must divide D")
    d = width // n_heads
    key = (id(wq), id(wk), id(wv))
    if key not in _joined:
        _joined[key] = (wq, wk, wv), np.concatenate([wq, wk, wv], axis=1)
    q, k, v = [part.reshape(b, t, n_heads, d).transpose(0, 2, 1, 3) for part in np.split(x @ _joined[key][1], 3, axis=-1)]
    scores = q @ k.transpose(0, 1, 3, 2) / math.sqrt(d)
    if mask is not None:
        scores = np.where(np.broadcast_to(mask, (b, t, t))[:, None], scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores - np.where(np.isinf(top), 0, top))
    total = weights.sum(axis=-1, keepdims=True)
    context = weights @ v / np.where(total > 0, total, 1)
    return context.transpose(0, 2, 1, 3).reshape(b, t, width) @ wo
