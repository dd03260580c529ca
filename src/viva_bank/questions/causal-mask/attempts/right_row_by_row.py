# framework: numpy
# expect: correctness == 1
# expect: ended == finished
import math

import numpy as np


def causal_weights(scores, lengths=None, window=None):
    batch, heads, size, _ = scores.shape
    weights = np.zeros_like(scores, order="C")
    for b in range(batch):
        end = size if lengths is None else int(lengths[b])
        for h in range(heads):
            for row in range(end):
                begin = 0 if window is None else max(row - window + 1, 0)
                seen = scores[b, h, row, begin : row + 1].tolist()
                highest = max(seen)
                powers = [math.exp(score - highest) for score in seen]
                weights[b, h, row, begin : row + 1] = np.array(powers) / sum(powers)
    return weights
