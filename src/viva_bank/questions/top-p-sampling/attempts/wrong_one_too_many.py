# framework: numpy
# expect: correctness < 1
# expect: fails == statement_example, nothing_after, renormalised, one_token, temperature_then_cut, ties, many_ties, large_logits, float32_logits, random_cases, by_name
# fault: one-too-many: the nucleus held one token more than it takes to reach p
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
        n = np.count_nonzero(np.cumsum(probs[order]) < p) + 2
        order = order[:n]
    kept = probs[order] / probs[order].sum()
    return rng.choice(order, size=size, p=kept)
