# framework: torch
# expect: correctness == 1
# The cache is a function that knows the way back.
import torch


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    with torch.no_grad():
        apart = x - torch.mean(x, -1, True)
        scale = 1 / torch.sqrt(torch.linalg.vector_norm(apart, dim=-1, keepdim=True) ** 2 / x.shape[-1] + eps)
        normed = torch.mul(apart, scale)

        def back(dy):
            leading = list(range(dy.dim() - 1))
            inner = torch.mul(dy, gamma)
            inner = inner - inner.mean(-1, keepdim=True)
            dx = scale * (inner - normed * torch.mean(inner * normed, -1, True))
            dbeta = dy.sum(leading) if leading else dy.clone()
            dgamma = (dy * normed).sum(leading) if leading else dy * normed
            return dx, dgamma, dbeta

        return torch.addcmul(beta, normed, gamma), back


def layer_norm_backward(dy, cache):
    return cache(dy)
