# framework: torch
# expect: correctness < 1
# expect: fails == example, step_values, joined, size_one, one_head, heads, looks_back, large_scores, long_text, reset_forgets, reset_batch, reset_empty, independent_objects, input_reused, results_kept
# fault: mask-ignores-past: the mask was made as if the cache were empty
import math

import torch


class CachedAttention:
    def __init__(self, wq, wk, wv, wo, n_heads):
        if wq.shape[0] % n_heads:
            raise ValueError(f"n_heads = {n_heads} does not divide D = {wq.shape[0]}")
        self.weights, self.wo, self.n_heads = (wq, wk, wv), wo, n_heads
        self.reset()

    def reset(self):
        self.keys = self.values = None

    def prefill(self, x):
        return self.extend(x)

    def step(self, x):
        return self.extend(x)

    def extend(self, x):
        b, t, d_model = x.shape
        d = d_model // self.n_heads
        q, k, v = ((x @ w).reshape(b, t, self.n_heads, d).transpose(1, 2) for w in self.weights)
        if self.keys is not None:
            k, v = torch.cat([self.keys, k], dim=2), torch.cat([self.values, v], dim=2)
        self.keys, self.values = k, v

        scores = q @ k.mT / math.sqrt(d)
        past = k.shape[2] - t
        later = torch.arange(past + t) > torch.arange(t)[:, None]
        weights = torch.softmax(scores.masked_fill(later, -math.inf), dim=-1)
        context = (weights @ v).transpose(1, 2).reshape(b, t, d_model)
        return context @ self.wo
