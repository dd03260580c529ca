# framework: numpy
# expect: correctness == 1
import math

import numpy as np


class Head:
    def __init__(self, wq, wk, wv):
        self.wq, self.wk, self.wv = wq, wk, wv
        self.k, self.v = [], []

    def __call__(self, row):
        """row (B, D) -> (B, d)"""
        self.k.append(row @ self.wk)
        self.v.append(row @ self.wv)
        q = row @ self.wq
        scores = np.stack([np.einsum("bd,bd->b", q, k) for k in self.k]) / math.sqrt(q.shape[-1])
        p = np.exp(scores - scores.max(axis=0))
        p = p / p.sum(axis=0)
        return sum(w[:, None] * v for w, v in zip(p, self.v))


class CachedAttention:
    def __init__(self, wq, wk, wv, wo, n_heads):
        width = wq.shape[1]
        d, rest = divmod(width, n_heads)
        if rest:
            raise ValueError(f"{width} columns do not make {n_heads} heads")
        cuts = [slice(i * d, i * d + d) for i in range(n_heads)]
        self.parts = [(wq[:, c], wk[:, c], wv[:, c]) for c in cuts]
        self.wo = wo
        self.reset()

    def reset(self):
        self.heads = [Head(*part) for part in self.parts]

    def step(self, x):
        return (np.concatenate([head(x[:, 0]) for head in self.heads], axis=-1) @ self.wo)[:, None]

    def prefill(self, x):
        return np.concatenate([self.step(x[:, i : i + 1]) for i in range(x.shape[1])], axis=1)
