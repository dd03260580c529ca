# framework: numpy
# expect: correctness < 1
# expect: fails == same_state
# fault: global-chance: the draws came from numpy's global generator instead of rng
import numpy as np


def top_p_sample(logits, p, temperature, rng, size):
    if temperature == 0:
        return np.full(size, np.argmax(logits))
    scores = logits.astype(np.float64)
    scores = (scores - scores.max()) / temperature
    probs = np.exp(scores)
    probs /= probs.sum()
    order = np.argsort(-logits, kind="stable")
    if p < 1:
        n = np.count_nonzero(np.cumsum(probs[order]) < p) + 1
        order = order[:n]
    kept = probs[order] / probs[order].sum()
    return np.random.choice(order, size=size, p=kept)
