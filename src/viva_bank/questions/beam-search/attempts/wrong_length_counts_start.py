# framework: numpy
# expect: correctness < 1
# expect: fails == length_penalty, late_winner, float32_rows, by_name, random_models
# fault: length-counts-start: the length in the penalty counted start as well
import numpy as np


def beam_search(step, start, end, width, max_len, alpha=0.0):
    live = [(0.0, [])]
    finished = []
    for _ in range(max_len):
        grown = []
        for total, tokens in live:
            log_probs = step([start, *tokens])
            grown += [(total + float(log_probs[t]), [*tokens, int(t)]) for t in np.flatnonzero(log_probs > -np.inf)]
        grown.sort(key=lambda one: (-one[0], one[1]))
        survivors = grown[:width]
        finished += [one for one in survivors if one[1][-1] == end]
        live = [one for one in survivors if one[1][-1] != end]
        if not live:
            break
    finished += live
    scored = [(tokens, total / (len(tokens) + 1) ** alpha) for total, tokens in finished]
    scored.sort(key=lambda one: (-one[1], one[0]))
    return scored[:width]
