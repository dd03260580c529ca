"""Causal multi-head attention with a cache of keys and values, in PyTorch.

Sources: Vaswani et al., Attention Is All You Need, sections 3.2.2 and 3.2.3 (https://arxiv.org/abs/1706.03762); Shazeer, Fast
Transformer Decoding, section 2 (https://arxiv.org/abs/1911.02150), which writes attention one position at a time.
"""

import math

import torch


class CachedAttention:
    def __init__(self, wq, wk, wv, wo, n_heads):
        if wq.shape[0] % n_heads:
            raise ValueError(f"n_heads = {n_heads} does not divide D = {wq.shape[0]}")
        self.weights, self.wo, self.n_heads = (wq, wk, wv), wo, n_heads
        self.reset()

    def reset(self):
        self.keys = self.values = None  # each (B, H, positions so far, d)

    def prefill(self, x):
        return self.extend(x)

    def step(self, x):
        return self.extend(x)

    def extend(self, x):
        """x (B, t, D), the next t positions -> (B, t, D)"""
        b, t, d_model = x.shape
        d = d_model // self.n_heads  # width of a head
        q, k, v = ((x @ w).reshape(b, t, self.n_heads, d).transpose(1, 2) for w in self.weights)  # each (B, H, t, d)

        # A later query needs the keys and values of all earlier positions, and never their queries.
        if self.keys is not None:
            k, v = torch.cat([self.keys, k], dim=2), torch.cat([self.values, v], dim=2)
        self.keys, self.values = k, v

        scores = q @ k.mT / math.sqrt(d)  # (B, H, t, all)
        past = k.shape[2] - t
        later = (
            torch.arange(past + t) > past + torch.arange(t)[:, None]
        )  # (t, all): new position i is position past + i
        weights = torch.softmax(scores.masked_fill(later, -math.inf), dim=-1)
        context = (weights @ v).transpose(1, 2).reshape(b, t, d_model)  # heads side by side again
        return context @ self.wo
