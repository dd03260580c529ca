import numpy as np


def masked(scores, mask):
    work = np.promote_types(scores.dtype, np.float32)
    return np.where(mask, scores.astype(work), work.type(-1e9))
