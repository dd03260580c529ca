# framework: torch
# expect: correctness == 1
# The forward pass is PyTorch's own; the way back is written by hand.
import torch
import torch.nn.functional as F


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    return F.layer_norm(x, x.shape[-1:], gamma, beta, eps), (x, gamma, eps)


def layer_norm_backward(dy, cache):
    x, gamma, eps = cache
    variance, mean = torch.var_mean(x, dim=-1, correction=0, keepdim=True)
    normed = (x - mean) * torch.rsqrt(variance + eps)
    g = dy * gamma
    both = torch.stack([torch.ones_like(normed), normed], dim=-1)
    parts = (g.unsqueeze(-2) @ both) / x.shape[-1]
    dx = (g - (both @ parts.mT).squeeze(-1)) * torch.rsqrt(variance + eps)
    return dx, torch.einsum("...d,...d->d", dy, normed), torch.einsum("...d->d", dy).clone()
