# framework: numpy
# expect: correctness == 1
"""Right, but the list of candidates is gone through once more for each candidate's place, so it grows with the square of V."""

import numpy as np


def beam_search(step, start, end, width, max_len, alpha=0.0):
    live, finished = [(0.0, [])], []
    for _ in range(max_len):
        grown = []
        for total, tokens in live:
            row = step([start, *tokens])
            grown += [(total + float(row[t]), [*tokens, t]) for t in range(len(row)) if row[t] > -np.inf]
        survivors = []
        sums = np.array([one[0] for one in grown])
        for one in grown:
            better = int((sums > one[0]).sum())
            if better < width:
                survivors.append(one)
        survivors = sorted(survivors, key=lambda one: (-one[0], one[1]))[:width]
        finished += [one for one in survivors if one[1][-1] == end]
        live = [one for one in survivors if one[1][-1] != end]
        if not live:
            break
    scored = [(tokens, total / len(tokens) ** alpha) for total, tokens in finished + live]
    return sorted(scored, key=lambda one: (-one[1], one[0]))[:width]
