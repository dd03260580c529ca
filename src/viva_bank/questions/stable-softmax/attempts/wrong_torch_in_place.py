# framework: torch
# expect: correctness < 1
# expect: fails == input_unchanged
# fault: in-place: the maximum was subtracted in place, from the caller's own array
import torch


def _shift(x, axis):
    if not x.is_floating_point():
        x = x.to(torch.get_default_dtype())
    if x.dtype == torch.float16:
        x = x.float()
    x -= x.amax(dim=axis, keepdim=True)
    return x


def softmax(x, axis=-1):
    kind = x.dtype if x.is_floating_point() else torch.get_default_dtype()
    e = _shift(x, axis).exp()
    return (e / e.sum(dim=axis, keepdim=True)).to(kind)


def log_softmax(x, axis=-1):
    kind = x.dtype if x.is_floating_point() else torch.get_default_dtype()
    s = _shift(x, axis)
    return (s - s.exp().sum(dim=axis, keepdim=True).log()).to(kind)
