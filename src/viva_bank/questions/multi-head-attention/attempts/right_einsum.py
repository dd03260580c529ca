# framework: numpy
# expect: correctness == 1
# expect: ended == finished
# The weights are reshaped instead of what they make, so that no axis is ever swapped.
import numpy as np


def multi_head_attention(x, wq, wk, wv, wo, n_heads, mask=None):
    width = x.shape[-1]
    if width % n_heads != 0:
        raise ValueError("D must be a multiple of n_heads")
    wq, wk, wv = (w.reshape(width, n_heads, -1) for w in (wq, wk, wv))
    q, k, v = (np.einsum("bti,ihd->bthd", x, w) for w in (wq, wk, wv))
    scores = np.einsum("bihd,bjhd->hbij", q, k) * q.shape[-1] ** -0.5
    if mask is not None:
        scores = np.where(mask, scores, scores.dtype.type(-1e9))
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    if mask is not None:
        weights = weights * mask
    weights /= np.maximum(weights.sum(-1, keepdims=True), 0.5)
    return np.einsum("hbij,bjhd,hdo->bio", weights, v, wo.reshape(n_heads, -1, width))
