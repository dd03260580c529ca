# framework: numpy
# expect: correctness == 1
# expect: ended == finished
import math

import numpy as np


def one_query(query, keys, values, visible):
    """query (d,), keys (Tk, d), values (Tk, dv), visible (Tk,) -> (dv,)"""
    chosen = [j for j in range(len(keys)) if visible[j]]
    result = np.zeros(values.shape[-1])
    if not chosen:
        return result
    scores = [math.fsum(float(a) * float(b) for a, b in zip(query, keys[j])) / math.sqrt(len(query)) for j in chosen]
    highest = max(scores)
    weights = [math.exp(score - highest) for score in scores]
    for weight, j in zip(weights, chosen):
        result += weight / sum(weights) * values[j].astype(float)
    return result


def attention(q, k, v, mask=None):
    *lead, tq, _ = q.shape
    tk = k.shape[-2]
    full = np.broadcast_to(True if mask is None else mask, (*lead, tq, tk))
    result = np.empty((*lead, tq, v.shape[-1]), q.dtype)
    for place in np.ndindex(*lead):
        for i in range(tq):
            result[place][i] = one_query(q[place][i], k[place], v[place], full[place][i])
    return result
