# framework: numpy
# expect: correctness == 1
# expect: ended == finished
# Two sublayers, and one function that puts residual and norm around either.
from functools import partial

import numpy as np
from scipy.special import softmax


def encoder_layer(x, params, n_heads, mask=None, norm_first=False, eps=1e-5):
    b, t, width = x.shape
    if width % n_heads:
        raise ValueError("D must be a multiple of n_heads")

    def linear(z, name):
        return z @ params["w" + name] + params["b" + name]

    def heads(z):
        return z.reshape(b, t, n_heads, -1)

    def attention(z):
        q, k, v = (heads(linear(z, name)) for name in "qkv")
        scores = np.einsum("bihd,bjhd->hbij", q, k) * float(q.shape[-1] ** -0.5)
        weights = softmax(scores if mask is None else np.where(mask, scores, scores.dtype.type(-1e9)), axis=-1)
        if mask is not None:
            weights = weights * mask
        return linear(np.einsum("hbij,bjhd->bihd", weights, v).reshape(b, t, width), "o")

    def forward(z):
        return linear(np.clip(linear(z, "1"), 0, None), "2")

    def norm(z, which):
        z = z - z.mean(-1, keepdims=True)
        return z / np.sqrt(np.square(z).mean(-1, keepdims=True) + eps) * params["g" + which] + params["h" + which]

    def around(z, sublayer, which):
        return z + sublayer(norm(z, which)) if norm_first else norm(z + sublayer(z), which)

    for which, sublayer in (("1", attention), ("2", forward)):
        x = partial(around, sublayer=sublayer, which=which)(x)
    return x
