# framework: numpy
# expect: correctness == 1
# All expansions of a round in one flat array; sorted by sum, with the sequences as further keys (lexsort) for ties.
import numpy as np


def beam_search(step, start, end, width, max_len, alpha=0.0):
    sequences, sums = np.zeros((1, 0), int), np.zeros(1)
    done = []
    for t in range(max_len):
        rows = np.stack([np.asarray(step([start] + seq.tolist()), float) for seq in sequences])  # (B, V)
        totals = sums[:, None] + rows
        parent, token = np.nonzero(totals > -np.inf)
        grown = np.concatenate([sequences[parent], token[:, None]], axis=1)  # (N, t + 1)
        values = totals[parent, token]
        keys = [grown[:, c] for c in range(t, -1, -1)] + [-values]
        best = np.lexsort(keys)[:width]
        ended = token[best] == end
        for i in best[ended]:
            done.append((grown[i].tolist(), float(values[i])))
        sequences, sums = grown[best[~ended]], values[best[~ended]]
        if len(sums) == 0:
            break
    done += [(seq.tolist(), float(total)) for seq, total in zip(sequences, sums)]
    result = [(seq, total / len(seq) ** alpha) for seq, total in done]
    return sorted(result, key=lambda r: (-r[1], r[0]))[:width]
