import torch


def evaluate_saliency(model, x, y):
    model.eval()
    x.requires_grad_(True)
    model(x)[:, y].sum().backward()
    return x.grad


def evaluate_input_gradient(model, x):
    model.eval()
    return torch.autograd.grad(model(x).sum(), x)
