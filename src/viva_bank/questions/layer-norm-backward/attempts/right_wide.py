# framework: numpy
# expect: correctness == 1
# Does all of it in float64, and brings results back to the dtype of the inputs.
import numpy as np


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    wide = np.array(x, np.float64)
    wide -= wide.mean(-1, keepdims=True)
    scale = (wide.var(-1, keepdims=True) + eps) ** -0.5
    wide *= scale
    return (wide * gamma + beta).astype(x.dtype), [wide, scale, np.array(gamma, np.float64)]


def layer_norm_backward(dy, cache):
    normed, scale, gamma = cache
    width = gamma.size
    rows, flat = normed.reshape(-1, width), dy.reshape(-1, width).astype(np.float64)
    inner = flat * gamma
    inner -= (inner @ np.ones(width) / width)[:, None] + rows * np.sum(inner * rows, 1)[:, None] / width
    dx = inner * scale.reshape(-1, 1)
    return tuple(out.astype(dy.dtype) for out in (dx.reshape(dy.shape), (flat * rows).sum(0), flat.sum(0)))
