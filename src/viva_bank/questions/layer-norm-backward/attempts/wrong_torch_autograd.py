# framework: torch
# expect: fails == example_backward, dbeta_sum, dgamma_sum, dgamma_alike, dx_shift, dx_stretch, dx_differences, dx_gamma, backward_values, single_row, gamma_zero, dx_eps, dgamma_eps, backward_default, backward_far, backward_constant, size_one, width_one, float32_values, caches_apart, cache_again, no_memory, dtype_backward, backward_leaves, backward_no_alias, earlier_y, earlier_gradients, views
# fault: autograd: PyTorch was asked to differentiate
import torch


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    leaves = [array.detach().clone().requires_grad_() for array in (x, gamma, beta)]
    y = torch.nn.functional.layer_norm(leaves[0], x.shape[-1:], leaves[1], leaves[2], eps)
    return y.detach().clone(), (leaves, y)


def layer_norm_backward(dy, cache):
    leaves, y = cache
    return torch.autograd.grad(y, leaves, dy, retain_graph=True)
