"""A transformer encoder layer in PyTorch.

Sources: Vaswani et al., Attention Is All You Need, sections 3.1 to 3.3 (https://arxiv.org/abs/1706.03762), with the norms behind;
Xiong et al., On Layer Normalization in the Transformer Architecture, figure 1 (https://arxiv.org/abs/2002.04745), for the norms
in front; Ba et al., Layer Normalization (https://arxiv.org/abs/1607.06450).
"""

import math

import torch
from torch.nn import functional


def self_attention(x, p, n_heads, mask):
    """x (B, T, D) -> (B, T, D)"""
    b, t, d_model = x.shape
    d = d_model // n_heads

    # Heads are slices of columns: split the last axis into (head, column in head), and bring the heads to the front.
    q, k, v = ((x @ p["w" + c] + p["b" + c]).reshape(b, t, n_heads, d).transpose(1, 2) for c in "qkv")  # (B, H, T, d)
    scores = q @ k.mT / math.sqrt(d)  # (B, H, T, T)
    if mask is None:
        weights = torch.softmax(scores, dim=-1)
    else:
        hidden = ~mask.expand(b, t, t)[:, None]  # (B, 1, T, T): the same for every head
        weights = torch.softmax(scores.masked_fill(hidden, -math.inf), dim=-1)
        weights = weights.masked_fill(hidden, 0)  # a row that may look at nothing was NaN, and its context is 0
    context = weights @ v  # (B, H, T, d)

    return context.transpose(1, 2).reshape(b, t, d_model) @ p["wo"] + p["bo"]


def feed_forward(x, p):
    """x (B, T, D) -> (B, T, D), through F columns"""
    return torch.relu(x @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"]


def encoder_layer(x, params, n_heads, mask=None, norm_first=False, eps=1e-5):
    """x (B, T, D), mask broadcastable to (B, T, T) -> (B, T, D)"""
    p, d_model = params, x.shape[-1]
    if d_model % n_heads:  # torch's own error would be a RuntimeError
        raise ValueError(f"n_heads = {n_heads} does not divide D = {d_model}")

    def layer_norm(x, which):
        return functional.layer_norm(x, (d_model,), p["g" + which], p["h" + which], eps)

    if norm_first:  # x itself runs through to the end, and only what is added to it is normalised before
        x = x + self_attention(layer_norm(x, "1"), p, n_heads, mask)
        return x + feed_forward(layer_norm(x, "2"), p)

    x = layer_norm(x + self_attention(x, p, n_heads, mask), "1")
    return layer_norm(x + feed_forward(x, p), "2")
