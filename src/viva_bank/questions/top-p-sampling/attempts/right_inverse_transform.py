# framework: numpy
# expect: correctness == 1
# Uniform numbers looked up in the cumulative sum of the kept probabilities; lexsort for the ties.
import numpy as np


def top_p_sample(logits, p, temperature, rng, size):
    if temperature == 0.0:
        best = int(np.flatnonzero(logits == logits.max())[0])
        return np.array([best] * size, dtype=np.int32)
    z = np.asarray(logits, dtype=np.float64) / temperature
    order = np.lexsort((np.arange(z.size), -z))
    weights = np.exp(z[order] - z[order[0]])
    cumulative = np.cumsum(weights)
    n = z.size if p >= 1 else int(np.searchsorted(cumulative, p * cumulative[-1], side="left")) + 1
    u = rng.random(size) * cumulative[n - 1]
    return order[np.minimum(np.searchsorted(cumulative[:n], u, side="right"), n - 1)]
