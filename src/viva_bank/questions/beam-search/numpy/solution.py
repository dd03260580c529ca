"""Beam search over a model that is asked for one next token at a time.

Sources: Sutskever, Vinyals and Le 2014, section 3.2, https://arxiv.org/abs/1409.3215 (the beam);
Wu et al. 2016, section 7, https://arxiv.org/abs/1609.08144 (dividing by a power of the length, here in its plain form).
"""

import numpy as np


def beam_search(step, start, end, width, max_len, alpha=0.0):
    live = [(0.0, [])]  # (summed log-probability, generated tokens)
    finished = []
    for _ in range(max_len):
        grown = []
        for total, tokens in live:
            log_probs = step([start, *tokens])  # (V,)
            grown += [(total + float(log_probs[t]), [*tokens, int(t)]) for t in np.flatnonzero(log_probs > -np.inf)]
        grown.sort(key=lambda one: (-one[0], one[1]))  # highest sum first; equal sums: the smaller list of tokens
        survivors = grown[:width]
        finished += [one for one in survivors if one[1][-1] == end]
        live = [one for one in survivors if one[1][-1] != end]
        if not live:
            break
    finished += live  # stopped by max_len, kept without `end`
    scored = [(tokens, total / len(tokens) ** alpha) for total, tokens in finished]
    scored.sort(key=lambda one: (-one[1], one[0]))
    return scored[:width]
