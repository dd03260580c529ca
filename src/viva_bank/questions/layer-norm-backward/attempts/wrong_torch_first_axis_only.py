# framework: torch
# expect: fails == dbeta_sum, dgamma_sum, dgamma_alike, dx_shift, dx_stretch, dx_differences, dx_gamma, backward_values, gamma_zero, size_one, width_one, float32_values, caches_apart, dtype_backward, backward_leaves, backward_no_alias, earlier_gradients, views
# fault: first-axis-only: dgamma and dbeta were summed over the first axis only
import torch


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    apart = x - x.mean(-1, keepdim=True)
    deviation = (apart.pow(2).mean(-1, keepdim=True) + eps).sqrt()
    normed = apart / deviation
    return gamma * normed + beta, (normed, deviation, gamma)


def layer_norm_backward(dy, cache):
    normed, deviation, gamma = cache
    dbeta = dy.sum(0) if dy.dim() > 1 else dy.clone()
    dgamma = (dy * normed).sum(0) if dy.dim() > 1 else dy * normed
    g = dy * gamma
    dx = (g - g.mean(-1, keepdim=True) - normed * (g * normed).mean(-1, keepdim=True)) / deviation
    return dx, dgamma, dbeta
