# framework: numpy
# expect: correctness < 1
# expect: fails == p_is_one, large_logits
# fault: first-place-of-sum: for p = 1 the search for a sum of at least p found none and kept one token
import numpy as np


def top_p_sample(logits, p, temperature, rng, size):
    if temperature == 0:
        return np.full(size, np.argmax(logits))
    scores = logits.astype(np.float64)
    scores = (scores - scores.max()) / temperature
    probs = np.exp(scores)
    probs /= probs.sum()
    order = np.argsort(-logits, kind="stable")
    order = order[: np.argmax(np.cumsum(probs[order]) >= p) + 1]
    kept = probs[order] / probs[order].sum()
    return rng.choice(order, size=size, p=kept)
