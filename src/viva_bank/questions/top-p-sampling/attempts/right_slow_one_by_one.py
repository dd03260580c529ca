# framework: numpy
# expect: correctness == 1
"""Right, but the nucleus is built token by token in Python instead of by sorted arrays."""

import numpy as np


def top_p_sample(logits, p, temperature, rng, size):
    if temperature == 0:
        return np.full(size, np.argmax(logits))
    scores = [float(one) for one in logits]
    top = max(scores)
    weights = [float(np.exp((one - top) / temperature)) for one in scores]
    total = sum(weights)
    order = sorted(range(len(scores)), key=lambda token: (-scores[token], token))
    kept, mass = [], 0.0
    for token in order:
        if kept and p < 1 and mass >= p:
            break
        kept.append(token)
        mass += weights[token] / total
    probs = np.array([weights[token] for token in kept])
    return rng.choice(np.array(kept), size=size, p=probs / probs.sum())
