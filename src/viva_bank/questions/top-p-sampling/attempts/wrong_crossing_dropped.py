# framework: numpy
# expect: correctness < 1
# expect: fails == statement_example, nothing_after, crossing_token, renormalised, temperature_then_cut, ties, large_logits, float32_logits, random_cases, by_name
# fault: crossing-dropped: the token that takes the sum to p was left out of the nucleus
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
        n = np.count_nonzero(np.cumsum(probs[order]) <= p)
        order = order[: max(n, 1)]
    kept = probs[order] / probs[order].sum()
    return rng.choice(order, size=size, p=kept)
