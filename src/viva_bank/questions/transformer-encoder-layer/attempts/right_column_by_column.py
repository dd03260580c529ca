# framework: numpy
# expect: correctness == 1
# expect: ended == finished
# One text after the other, one head after the other; a head's context goes straight through its own rows of wo.
import math

import numpy as np


def standard(rows, scale, shift, eps):
    """rows (T, D): mean 0 and variance 1 in each, then scaled and shifted"""
    means = rows.sum(axis=1) / rows.shape[1]
    away = rows - means[:, np.newaxis]
    spread = np.einsum("td,td->t", away, away) / rows.shape[1]
    return scale * away / np.sqrt(spread[:, np.newaxis] + eps) + shift


def look(rows, p, n_heads, may_look):
    """rows (T, D), may_look (T, T) -> (T, D)"""
    width = rows.shape[1] // n_heads
    out = np.tile(p["bo"], (len(rows), 1))
    for first in range(0, rows.shape[1], width):
        mine = slice(first, first + width)
        q = rows @ p["wq"][:, mine] + p["bq"][mine]
        k = rows @ p["wk"][:, mine]  # bk would add the same to all scores of a query
        v = rows @ p["wv"][:, mine] + p["bv"][mine]
        for i, seen in enumerate(may_look):
            if seen.any():
                scores = k[seen] @ q[i] / math.sqrt(width)
                powers = np.exp(scores - scores.max())
                out[i] += powers / powers.sum() @ v[seen] @ p["wo"][mine]
    return out


def think(rows, p):
    inner = rows @ p["w1"] + p["b1"]
    inner[inner < 0] = 0
    return inner @ p["w2"] + p["b2"]


def encoder_layer(x, params, n_heads, mask=None, norm_first=False, eps=1e-5):
    texts, positions, columns = x.shape
    if columns % n_heads != 0:
        raise ValueError(f"{columns} columns, {n_heads} heads")
    p = {name: array.astype(np.float64) for name, array in params.items()}
    may_look = np.broadcast_to(True if mask is None else mask, (texts, positions, positions))
    out = np.empty_like(x)
    for text in range(texts):
        rows = x[text].astype(np.float64)
        if norm_first:
            rows = rows + look(standard(rows, p["g1"], p["h1"], eps), p, n_heads, may_look[text])
            rows = rows + think(standard(rows, p["g2"], p["h2"], eps), p)
        else:
            rows = standard(rows + look(rows, p, n_heads, may_look[text]), p["g1"], p["h1"], eps)
            rows = standard(rows + think(rows, p), p["g2"], p["h2"], eps)
        out[text] = rows
    return out
