# framework: numpy
# expect: correctness == 1
# The Gumbel trick over the kept logits, everything else masked by minus infinity.
import numpy as np


def top_p_sample(logits, p, temperature, rng, size):
    if not temperature:
        return np.repeat(logits.argmax(), size)
    scaled = (logits - logits.max()).astype(float) / temperature
    probs = np.exp(scaled) / np.exp(scaled).sum()
    rank = np.argsort(-scaled, kind="mergesort")
    keep = np.ones(len(scaled), bool)
    if p < 1.0:
        total = 0.0
        for place, token in enumerate(rank):
            total += probs[token]
            if total >= p:
                keep[rank[place + 1 :]] = False
                break
    noisy = np.where(keep, scaled, -np.inf) + rng.gumbel(size=(size, len(scaled)))
    return noisy.argmax(axis=1)
