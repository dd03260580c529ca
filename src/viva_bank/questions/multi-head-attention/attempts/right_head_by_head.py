# framework: numpy
# expect: correctness == 1
# expect: ended == finished
# Each head of each text by itself, with its own slices of the weights; a position adds its heads' shares of the projection up.
import math

import numpy as np


def weigh(scores, visible):
    """scores (Tk,), visible (Tk,) -> weights (Tk,), zeros where nothing is visible"""
    weights = np.zeros(len(scores))
    if visible.any():
        powers = np.exp(scores[visible] - scores[visible].max())
        weights[visible] = powers / powers.sum()
    return weights


def multi_head_attention(x, wq, wk, wv, wo, n_heads, mask=None):
    texts, positions, columns = x.shape
    d, rest = divmod(columns, n_heads)
    if rest != 0:
        raise ValueError(f"{columns} columns cannot be cut into {n_heads} heads")
    result = np.zeros(x.shape)
    for text in range(texts):
        for first in range(0, columns, d):
            mine = slice(first, first + d)
            q, k, v = (x[text].astype(float) @ w[:, mine] for w in (wq, wk, wv))
            for i in range(positions):
                visible = np.ones(positions, bool)
                if mask is not None:
                    visible = np.broadcast_to(mask, (texts, positions, positions))[text, i]
                weights = weigh(k @ q[i] / math.sqrt(d), visible)
                result[text, i] += weights @ v @ wo[mine]
    return result.astype(x.dtype)
