# framework: numpy
# expect: correctness == 1
# expect: ended == finished
# Goes back through every single step of the forward pass: root, variance, mean. The cache is a dict that holds x itself.
import numpy as np


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    mean = np.einsum("...d->...", x)[..., None] / x.shape[-1]
    variance = np.einsum("...d,...d->...", x - mean, x - mean)[..., None] / x.shape[-1]
    y = (x - mean) / np.sqrt(variance + eps) * gamma + beta
    return y, {"x": x, "mean": mean, "variance": variance, "gamma": gamma, "eps": eps}


def layer_norm_backward(dy, cache):
    x, mean, gamma = cache["x"], cache["mean"], cache["gamma"]
    d = x.shape[-1]
    root = np.sqrt(cache["variance"] + cache["eps"])
    dnormed = dy * gamma
    dvariance = -0.5 * np.sum(dnormed * (x - mean), axis=-1, keepdims=True) / root**3
    dmean = -np.sum(dnormed / root, axis=-1, keepdims=True) - 2 * dvariance * np.mean(x - mean, axis=-1, keepdims=True)
    dx = dnormed / root + dvariance * 2 * (x - mean) / d + dmean / d
    over = tuple(range(x.ndim - 1))
    return dx, np.add.reduce(dy * (x - mean) / root, axis=over), np.add.reduce(dy, axis=over)
