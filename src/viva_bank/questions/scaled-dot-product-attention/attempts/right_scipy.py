# framework: numpy
# expect: correctness == 1
# expect: ended == finished
import numpy as np
from scipy.special import softmax


def attention(q, k, v, mask=None):
    work = np.promote_types(q.dtype, np.float32)
    scores = np.matmul(q / work.type(np.sqrt(q.shape[-1])), np.moveaxis(k, -1, -2).astype(work))
    if mask is None:
        return (softmax(scores, axis=-1) @ v).astype(q.dtype)
    scores = np.where(mask, scores, work.type(-1e9))
    out = softmax(scores, axis=-1) @ v
    out *= np.broadcast_to(mask, scores.shape).any(-1)[..., None]
    return out.astype(q.dtype)
