# framework: numpy
# expect: fails == example_backward, dbeta_sum, dgamma_sum, dgamma_alike, dx_shift, dx_stretch, dx_differences, dx_gamma, backward_values, single_row, gamma_zero, dx_eps, dgamma_eps, backward_default, backward_far, backward_constant, size_one, width_one, float32_values, caches_apart, cache_again, no_memory, dtype_backward, backward_leaves, backward_no_alias, earlier_gradients, views
# fault: all-axes: dgamma and dbeta were summed over all axes, the last one too
import numpy as np


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    apart = x - x.mean(axis=-1, keepdims=True)
    deviation = np.sqrt(np.mean(apart**2, axis=-1, keepdims=True) + eps)
    normed = apart / deviation
    return gamma * normed + beta, (normed, deviation, gamma)


def layer_norm_backward(dy, cache):
    normed, deviation, gamma = cache
    axes = tuple(range(dy.ndim))
    dbeta = dy.sum(axis=axes)
    dgamma = (dy * normed).sum(axis=axes)
    g = dy * gamma
    dx = (g - g.mean(axis=-1, keepdims=True) - normed * (g * normed).mean(axis=-1, keepdims=True)) / deviation
    return dx, dgamma, dbeta
