# framework: numpy
# expect: correctness == 1
# One round as a function that calls itself; tuples come back in place of lists.
import math

import numpy as np


def beam_search(step, start, end, width, max_len, alpha=0.0):
    def play(live, rounds):
        if not live or rounds == 0:
            return live
        new = []
        for prefix, total in live:
            logs = np.array(step(list(prefix)), dtype=np.float64)
            for token in range(len(logs)):
                if not math.isinf(logs[token]):
                    new.append((prefix + (token,), total + logs[token]))
        new = sorted(new, key=lambda h: h[0])
        new = sorted(new, key=lambda h: h[1], reverse=True)[:width]
        over = [h for h in new if h[0][-1] == end]
        return over + play([h for h in new if h[0][-1] != end], rounds - 1)

    ranked = [(prefix[1:], total / (len(prefix) - 1) ** alpha) for prefix, total in play([((start,), 0.0)], max_len)]
    ranked.sort(key=lambda h: h[0])
    ranked.sort(key=lambda h: h[1], reverse=True)
    return tuple(ranked[:width])
