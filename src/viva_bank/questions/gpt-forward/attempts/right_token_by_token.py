# framework: numpy
# expect: correctness == 1
# expect: ended == finished
# As one would generate: each text token by token, with the keys and values of each block kept.
import math

import numpy as np


class Block:
    def __init__(self, weights, n_heads):
        self.w, self.n_heads, self.keys, self.values = weights, n_heads, [], []

    def norm(self, row, which):
        away = row - row.sum() / row.size
        return self.w["g" + which] * away / math.sqrt(np.dot(away, away) / row.size + 1e-5) + self.w["h" + which]

    def heads(self, row, name):
        return (row @ self.w["w" + name] + self.w["b" + name]).reshape(self.n_heads, -1)

    def step(self, row):
        z = self.norm(row, "1")
        self.keys.append(self.heads(z, "k"))
        self.values.append(self.heads(z, "v"))
        keys, values, query = np.array(self.keys), np.array(self.values), self.heads(z, "q")
        context = []
        for h in range(self.n_heads):
            scores = keys[:, h] @ query[h] / math.sqrt(query.shape[1])
            powers = np.exp(scores - scores.max())
            context.append(powers / powers.sum() @ values[:, h])
        row = row + np.concatenate(context) @ self.w["wo"] + self.w["bo"]
        inner = self.norm(row, "2") @ self.w["w1"] + self.w["b1"]
        inner = inner * (1 + np.tanh(0.7978845608028654 * (inner + 0.044715 * inner**3))) / 2
        return row + inner @ self.w["w2"] + self.w["b2"]


def gpt_forward(tokens, params, n_heads):
    tok, pos = (params[name].astype(np.float64) for name in ("tok", "pos"))
    if tokens.shape[1] > len(pos):
        raise ValueError(f"{tokens.shape[1]} tokens do not fit into {len(pos)} places")
    if tok.shape[1] % n_heads:
        raise ValueError(f"{tok.shape[1]} columns cannot be shared by {n_heads} heads")
    out = np.empty((*tokens.shape, len(tok)), params["tok"].dtype)
    for text, ids in enumerate(tokens):
        blocks = [Block({k: a.astype(np.float64) for k, a in w.items()}, n_heads) for w in params["blocks"]]
        end = Block({"gf": params["gf"], "hf": params["hf"]}, n_heads)
        for place, token in enumerate(ids):
            row = tok[token] + pos[place]
            for block in blocks:
                row = block.step(row)
            out[text, place] = tok @ end.norm(row, "f")
    return out
