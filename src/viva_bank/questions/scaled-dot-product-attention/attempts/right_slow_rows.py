# framework: numpy
# expect: correctness == 1
"""Right, but each row of queries goes through the keys in a loop of its own."""

import numpy as np


def attention(q, k, v, mask=None):
    dtype = q.dtype
    work = np.result_type(dtype, np.float32)
    q, k, v = (x.astype(work) for x in (q, k, v))
    shape = (*q.shape[:-1], k.shape[-2])
    allowed = np.broadcast_to(True if mask is None else mask, shape)
    out = np.zeros((*q.shape[:-1], v.shape[-1]), work)
    for row in np.ndindex(q.shape[:-1]):
        keys, values = k[row[:-1]], v[row[:-1]]
        scores = (keys * q[row]).sum(axis=-1) / np.sqrt(work.type(q.shape[-1]))
        scores[~allowed[row]] = -np.inf
        top = scores.max()
        if top > -np.inf:
            weights = np.exp(scores - top)
            out[row] = (weights[:, None] * values).sum(axis=0) / weights.sum()
    return out.astype(dtype)
