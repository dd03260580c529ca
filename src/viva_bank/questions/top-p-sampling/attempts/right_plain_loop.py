# framework: numpy
# expect: correctness == 1
# Plain Python: a sorted list, a loop that fills the nucleus, one uniform number for each draw.
import math

import numpy as np


def top_p_sample(logits, p, temperature, rng, size):
    values = [float(x) for x in logits]
    if temperature == 0:
        return np.array([values.index(max(values))] * size)
    top = max(values)
    weights = [math.exp((x - top) / temperature) for x in values]
    total = math.fsum(weights)
    ranked = sorted(range(len(values)), key=lambda i: (-values[i], i))
    kept, mass = [], 0.0
    for i in ranked:
        kept.append(i)
        mass += weights[i] / total
        if p < 1 and mass >= p:
            break
    draws = []
    for _ in range(size):
        left = rng.random() * math.fsum(weights[i] for i in kept)
        for i in kept:
            left -= weights[i]
            if left < 0:
                break
        draws.append(i)
    return np.array(draws)
