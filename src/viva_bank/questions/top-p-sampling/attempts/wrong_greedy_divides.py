# framework: numpy
# expect: correctness < 1
# expect: fails == greedy_example, integer_array, greedy, logits_unchanged, earlier_result
# fault: greedy-divides-by-zero: temperature 0 went through the division like any other
import numpy as np


def top_p_sample(logits, p, temperature, rng, size):
    scores = logits.astype(np.float64)
    scores = (scores - scores.max()) / temperature
    probs = np.exp(scores)
    probs /= probs.sum()
    order = np.argsort(-logits, kind="stable")
    if p < 1:
        n = np.count_nonzero(np.cumsum(probs[order]) < p) + 1
        order = order[:n]
    kept = probs[order] / probs[order].sum()
    return rng.choice(order, size=size, p=kept)
