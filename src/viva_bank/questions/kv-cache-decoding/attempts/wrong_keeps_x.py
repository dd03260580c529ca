# framework: numpy
# expect: correctness < 1
# expect: fails == input_reused
# fault: keeps-x: the caller's arrays were kept, so writing into one changed what had been computed from
import math

import numpy as np


class CachedAttention:
    def __init__(self, wq, wk, wv, wo, n_heads):
        if wq.shape[0] % n_heads:
            raise ValueError("n_heads must divide D")
        self.wq, self.wk, self.wv, self.wo, self.n = wq, wk, wv, wo, n_heads
        self.seen = []

    def reset(self):
        self.seen = []

    def prefill(self, x):
        self.seen.append(x)
        return self.look(x)

    step = prefill

    def look(self, x):
        whole = np.concatenate(self.seen, axis=1)
        b, t, width = x.shape
        d = width // self.n
        out = []
        for head in range(self.n):
            own = slice(head * d, (head + 1) * d)
            scores = (x @ self.wq)[..., own] @ (whole @ self.wk)[..., own].swapaxes(1, 2) / math.sqrt(d)
            hidden = ~np.tri(t, whole.shape[1], whole.shape[1] - t, dtype=bool)
            scores[:, hidden] = -np.inf
            p = np.exp(scores - scores.max(-1, keepdims=True))
            out.append(p / p.sum(-1, keepdims=True) @ (whole @ self.wv)[..., own])
        return np.concatenate(out, -1) @ self.wo
