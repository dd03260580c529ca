# framework: numpy
# expect: correctness == 1
# expect: ended == finished
import numpy as np


def attention(q, k, v, mask=None):
    kind = q.dtype
    wide = np.float64
    s = np.einsum("...qd,...kd->...qk", q.astype(wide), k.astype(wide)) * q.shape[-1] ** -0.5
    see = np.ones(s.shape, bool) if mask is None else np.broadcast_to(mask, s.shape)
    top = np.max(s, axis=-1, keepdims=True, where=see, initial=-np.inf)
    e = np.zeros_like(s)
    np.exp(s - top, out=e, where=see)
    p = np.divide(e, e.sum(-1, keepdims=True), out=np.zeros_like(e), where=see)
    return np.einsum("...qk,...kv->...qv", p, v.astype(wide)).astype(kind)
