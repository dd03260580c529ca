# framework: numpy
# expect: correctness < 0.98
# expect: fails == dtype_kept
# fault: dtype-drift: the result came in another dtype than the inputs
import numpy as np


def attention(q, k, v, mask=None):
    scores = q @ np.swapaxes(k, -1, -2).astype(np.float32) / np.sqrt(q.shape[-1])  # np.sqrt: all is float64 from here on
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores - np.where(np.isinf(top), 0, top))
    total = weights.sum(axis=-1, keepdims=True)
    return weights @ v / np.where(total > 0, total, 1)
