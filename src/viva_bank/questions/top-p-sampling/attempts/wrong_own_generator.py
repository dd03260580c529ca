# framework: numpy
# expect: correctness < 1
# expect: fails == same_state, independent_calls
# fault: own-generator: each call made a generator of its own with a fixed seed
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
    rng = np.random.default_rng(0)
    return rng.choice(order, size=size, p=kept)
