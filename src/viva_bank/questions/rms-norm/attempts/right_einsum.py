# framework: numpy
# expect: correctness == 1
# expect: ended == finished
import numpy as np


def rms_norm(x, weight, eps=1e-6):
    kind = x.dtype
    x = np.array(x, dtype=np.promote_types(kind, "f4"))
    scale = np.reciprocal(np.sqrt(np.einsum("...d,...d->...", x, x) / x.shape[-1] + eps))
    return np.einsum("...d,...,d->...d", x, scale, weight.astype(x.dtype)).astype(kind)
