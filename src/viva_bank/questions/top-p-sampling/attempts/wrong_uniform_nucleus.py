# framework: numpy
# expect: correctness < 1
# expect: fails == statement_example, few_tokens, temperature_alone, renormalised, temperature_then_cut, ties, p_is_one, large_logits, float32_logits, random_cases, by_name
# fault: uniform-nucleus: all tokens of the nucleus were drawn alike
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
    return rng.choice(order, size=size)
