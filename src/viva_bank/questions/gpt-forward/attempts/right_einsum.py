# framework: numpy
# expect: correctness == 1
# expect: ended == finished
# Heads and columns are named in einsum, GELU is a logistic function, and later positions are far below every score.
import math

import numpy as np
from scipy.special import expit, softmax


def standard(z):
    z = z - z.mean(-1, keepdims=True)
    return z / np.sqrt(np.square(z).mean(-1, keepdims=True) + 1e-5)


def gpt_forward(tokens, params, n_heads):
    embeddings, places = params["tok"], params["pos"]
    (b, t), width = tokens.shape, embeddings.shape[-1]
    if width % n_heads != 0:
        raise ValueError("D must be a multiple of n_heads")
    if t > places.shape[0]:
        raise ValueError("the text is longer than the model's context")
    later = np.arange(t)[:, None] < np.arange(t)

    x = np.take(embeddings, tokens, axis=0)
    x += places[:t]
    for w in params["blocks"]:
        z = standard(x) * w["g1"] + w["h1"]
        q, k, v = (np.reshape(z @ w["w" + c] + w["b" + c], (b, t, n_heads, -1)) for c in "qkv")
        scores = np.einsum("bihd,bjhd->bhij", q, k) * float(q.shape[-1] ** -0.5)
        scores[..., later] = -1e30
        x += np.einsum("bhij,bjhd->bihd", softmax(scores, axis=-1), v).reshape(b, t, width) @ w["wo"]
        x += w["bo"]
        u = (standard(x) * w["g2"] + w["h2"]) @ w["w1"] + w["b1"]
        x += (u * expit(math.sqrt(8 / math.pi) * (u + 0.044715 * u * u * u))) @ w["w2"]
        x += w["b2"]
    return np.einsum("btd,vd->btv", standard(x) * params["gf"] + params["hf"], embeddings)
