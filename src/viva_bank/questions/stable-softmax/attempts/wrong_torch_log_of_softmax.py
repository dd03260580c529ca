# framework: torch
# expect: correctness < 1
# expect: fails == log_far_down, large_everywhere, small_integers
# fault: log-of-softmax: the logarithm was taken of weights that had already become 0
import torch


def softmax(x, axis=-1):
    kind = x.dtype if x.is_floating_point() else torch.get_default_dtype()
    x = x.to(torch.promote_types(kind, torch.float32))
    e = (x - x.max(dim=axis, keepdim=True).values).exp()
    return (e / e.sum(dim=axis, keepdim=True)).to(kind)


def log_softmax(x, axis=-1):
    kind = x.dtype if x.is_floating_point() else torch.get_default_dtype()
    return softmax(x.to(torch.promote_types(kind, torch.float32)), axis).log().to(kind)
