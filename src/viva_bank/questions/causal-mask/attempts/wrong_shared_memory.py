# framework: numpy
# expect: correctness < 0.95
# expect: fails == inputs_unchanged, no_alias
# fault: shared-memory: the result is the caller's own array, overwritten
import numpy as np


def causal_weights(scores, lengths=None, window=None):
    t = scores.shape[-1]
    i, j = np.arange(t)[:, None], np.arange(t)
    may = j <= i
    if lengths is not None:
        n = lengths.reshape(-1, 1, 1, 1)
        may = may & (j < n) & (i < n)
    if window is not None:
        may = may & (j > i - window)
    wide = scores.astype(np.result_type(scores.dtype, np.float32))
    seen = np.where(may, wide, -np.inf)
    top = seen.max(axis=-1, keepdims=True)
    powers = np.exp(seen - np.where(np.isinf(top), 0, top))
    total = powers.sum(axis=-1, keepdims=True)
    scores[...] = powers / np.where(total > 0, total, 1)
    return scores
