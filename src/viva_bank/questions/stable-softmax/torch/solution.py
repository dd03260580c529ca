"""Softmax and log-softmax in PyTorch, safe for large inputs.

Sources: Goodfellow, Bengio and Courville, Deep Learning, section 4.1 (https://www.deeplearningbook.org/contents/numerical.html);
Blanchard, Higham and Higham (https://doi.org/10.1093/imanum/draa038), who show that the shifted forms lose no accuracy and
that `x - (max + log(sum))` may.
"""

import torch


def shift(x, axis):
    """x (...) -> x minus the largest element of its slice (...), in a dtype to work in, and the dtype of the result."""
    # Integers first become floats: within int8 or uint8 the subtraction would wrap around.
    dtype = x.dtype if x.is_floating_point() else torch.get_default_dtype()
    x = x.to(torch.promote_types(dtype, torch.float32))  # float16 is worked on in float32

    # Every slice may be moved by a number of its own: numerator and denominator shrink alike. With the largest element at 0,
    # exponentials are at most 1 and their sum is at least 1, so neither overflow nor division by zero is left.
    return x - x.amax(dim=axis, keepdim=True), dtype  # (-inf) - finite stays -inf


def softmax(x, axis=-1):
    shifted, dtype = shift(x, axis)
    powers = shifted.exp()  # in 0 .. 1
    return (powers / powers.sum(dim=axis, keepdim=True)).to(dtype)


def log_softmax(x, axis=-1):
    shifted, dtype = shift(x, axis)
    # Not log(softmax(x)): a weight below about 1e-308 (1e-45 in float32) is 0 and has no logarithm, but `shifted` still knows it.
    return (shifted - shifted.exp().sum(dim=axis, keepdim=True).log()).to(dtype)
