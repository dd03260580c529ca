"""Nucleus (top-p) sampling with temperature in NumPy.

Source: Holtzman et al. 2020, section 3.1, https://arxiv.org/abs/1904.09751 (the smallest set whose mass is at least p).
"""

import numpy as np


def top_p_sample(logits, p, temperature, rng, size):
    if temperature == 0:
        return np.full(size, np.argmax(logits))  # argmax takes the first of several highest, (size,)

    scores = logits.astype(np.float64)  # a copy; in float32 a long cumulative sum would drift, (V,)
    scores = (scores - scores.max()) / temperature  # the highest is 0, so exp cannot overflow, (V,)
    probs = np.exp(scores)
    probs /= probs.sum()  # softmax, (V,)

    # Sort the logits themselves: they are exactly equal where tied, and a stable sort leaves tied tokens in order of index.
    order = np.argsort(-logits, kind="stable")  # most probable first, (V,)
    if p < 1:
        before = np.cumsum(probs[order]) - probs[order]  # mass of all more probable tokens, (V,)
        order = order[
            : max(1, np.count_nonzero(before < p))
        ]  # in until p is reached, the crossing token included, (N,)
    kept = probs[order] / probs[order].sum()  # renormalised over the nucleus, (N,)
    return rng.choice(order, size=size, p=kept)  # (size,)
