# framework: torch
# expect: correctness == 1
import torch


def log_softmax(x, axis=-1):
    kind = x.dtype if x.is_floating_point() else torch.float32
    wide = x.to(torch.float64)
    return (wide - torch.logsumexp(wide, axis, keepdim=True)).to(kind)


def softmax(x, axis=-1):
    kind = x.dtype if x.is_floating_point() else torch.float32
    wide = x.to(torch.float64)
    return torch.exp(wide - torch.logsumexp(wide, axis, keepdim=True)).to(kind)
