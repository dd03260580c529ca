# framework: numpy
# expect: fails == example_forward, example_backward, mean_zero, variance_one, forward_values, forward_far, forward_eps, forward_constant, dx_shift, dx_stretch, dx_differences, backward_values, gamma_zero, dx_eps, backward_far, backward_constant, size_one, width_one, float32_values, backward_leaves, forward_no_alias, backward_no_alias, earlier_gradients
# fault: first-axis: rows were normalised along the first axis instead of the last
import numpy as np


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    apart = x - x.mean(axis=0, keepdims=True)
    deviation = np.sqrt(np.mean(apart**2, axis=0, keepdims=True) + eps)
    normed = apart / deviation
    return gamma * normed + beta, (normed, deviation, gamma)


def layer_norm_backward(dy, cache):
    normed, deviation, gamma = cache
    axes = tuple(range(dy.ndim - 1))
    dbeta = dy.sum(axis=axes)
    dgamma = (dy * normed).sum(axis=axes)
    g = dy * gamma
    dx = (g - g.mean(axis=0, keepdims=True) - normed * (g * normed).mean(axis=0, keepdims=True)) / deviation
    return dx, dgamma, dbeta
