# framework: torch
# expect: fails == backward_no_alias
# fault: dbeta-is-dy: for a single row, dbeta was the caller's own dy
import torch


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    apart = x - x.mean(-1, keepdim=True)
    deviation = (apart.pow(2).mean(-1, keepdim=True) + eps).sqrt()
    normed = apart / deviation
    return gamma * normed + beta, (normed, deviation, gamma)


def layer_norm_backward(dy, cache):
    normed, deviation, gamma = cache
    dbeta = dy.reshape(-1, dy.shape[-1])
    dbeta = dbeta[0] if len(dbeta) == 1 else dbeta.sum(0)
    dgamma = (dy * normed).reshape(-1, dy.shape[-1]).sum(0)
    g = dy * gamma
    dx = (g - g.mean(-1, keepdim=True) - normed * (g * normed).mean(-1, keepdim=True)) / deviation
    return dx, dgamma, dbeta
