# framework: numpy
# expect: correctness < 0.99
# expect: fails == earlier_result_kept
# fault: kept-buffer: one array was used for the results of all calls of one size
import numpy as np

_buffers = {}


def causal_weights(scores, lengths=None, window=None):
    t = scores.shape[-1]
    i, j = np.arange(t)[:, None], np.arange(t)
    may = j <= i
    if lengths is not None:
        n = lengths.reshape(-1, 1, 1, 1)
        may = may & (j < n) & (i < n)
    if window is not None:
        may = may & (j > i - window)
    seen = np.where(may, scores.astype(np.result_type(scores.dtype, np.float32)), -np.inf)
    top = seen.max(axis=-1, keepdims=True)
    powers = np.exp(seen - np.where(np.isinf(top), 0, top))
    total = powers.sum(axis=-1, keepdims=True)
    out = _buffers.setdefault((scores.shape, scores.dtype), np.empty(scores.shape, scores.dtype))
    out[...] = powers / np.where(total > 0, total, 1)
    return out
