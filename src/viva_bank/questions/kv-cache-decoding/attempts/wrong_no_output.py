# framework: numpy
# expect: correctness < 1
# expect: fails == example, example_reset, prefill_values, step_values, joined, one_position, size_one, one_head, heads, large_scores, long_text, reset_forgets, reset_batch, reset_empty, independent_objects, input_reused, results_kept
# fault: no-output: the contexts were not projected by wo
import math

import numpy as np


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
        q, k, v = ((x @ w).reshape(b, t, self.n_heads, d).swapaxes(1, 2) for w in self.weights)
        if self.keys is not None:
            k, v = np.concatenate([self.keys, k], axis=2), np.concatenate([self.values, v], axis=2)
        self.keys, self.values = k, v

        scores = q @ k.swapaxes(-1, -2) / math.sqrt(d)
        past = k.shape[2] - t
        later = np.arange(past + t) > past + np.arange(t)[:, None]
        scores = np.where(later, -np.inf, scores)

        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights = weights / weights.sum(axis=-1, keepdims=True)
        context = (weights @ v).swapaxes(1, 2).reshape(b, t, d_model)
        return context
