# framework: torch
# expect: fails == example_backward, dx_stretch, dx_differences, backward_values, single_row, gamma_zero, dx_eps, backward_far, backward_constant, size_one, float32_values
# fault: variance-part: the part of dx through the variance was missing, or had the wrong sign
import torch


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    apart = x - x.mean(-1, keepdim=True)
    deviation = (apart.pow(2).mean(-1, keepdim=True) + eps).sqrt()
    normed = apart / deviation
    return gamma * normed + beta, (normed, deviation, gamma)


def layer_norm_backward(dy, cache):
    normed, deviation, gamma = cache
    dbeta = dy.reshape(-1, dy.shape[-1]).sum(0)
    dgamma = (dy * normed).reshape(-1, dy.shape[-1]).sum(0)
    g = dy * gamma
    dx = (g - g.mean(-1, keepdim=True)) / deviation
    return dx, dgamma, dbeta
