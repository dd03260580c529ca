# framework: numpy
# expect: correctness < 0.95
# expect: fails == example, example_lengths, example_window, zero_scores
# fault: zero-hidden: scores of exactly 0 were taken for hidden ones
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
    seen = wide * may
    seen = np.where(seen == 0, np.float32(-1e30), seen)
    powers = np.exp(seen - seen.max(axis=-1, keepdims=True))
    weights = powers / powers.sum(axis=-1, keepdims=True)
    return np.where(may, weights, 0).astype(scores.dtype)
