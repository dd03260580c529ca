# framework: numpy
# expect: correctness < 1
# expect: fails == logits_unchanged
# fault: logits-in-place: the caller's logits were changed on the way to the softmax
import numpy as np


def top_p_sample(logits, p, temperature, rng, size):
    if temperature == 0:
        return np.full(size, np.argmax(logits))
    scores = logits.astype(np.float64, copy=False)
    scores -= scores.max()
    scores /= temperature
    probs = np.exp(scores)
    probs /= probs.sum()
    order = np.argsort(-logits, kind="stable")
    if p < 1:
        n = np.count_nonzero(np.cumsum(probs[order]) < p) + 1
        order = order[:n]
    kept = probs[order] / probs[order].sum()
    return rng.choice(order, size=size, p=kept)
