# framework: torch
# expect: correctness < 0.98
# expect: fails == inputs_unchanged
# fault: in-place: an input was changed in place
import math

import torch
from torch.nn import functional as F


def attention(z, p, n_heads, mask):
    b, t, width = z.shape
    d = width // n_heads
    q, k, v = [(z @ p["w" + c] + p["b" + c]).view(b, t, n_heads, d).transpose(1, 2) for c in "qkv"]
    scores = q @ k.transpose(-2, -1) / math.sqrt(d)
    if mask is not None:
        scores = scores.masked_fill(~mask.expand(b, t, t).unsqueeze(1), float("-inf"))
    weights = torch.softmax(scores, dim=-1).nan_to_num()
    return (weights @ v).transpose(1, 2).reshape(b, t, width) @ p["wo"] + p["bo"]


def forward(z, p):
    return F.relu(z @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"]


def norm(z, g, h, eps):
    return (z - z.mean(-1, keepdim=True)) / torch.sqrt(z.var(-1, unbiased=False, keepdim=True) + eps) * g + h


def encoder_layer(x, params, n_heads, mask=None, norm_first=False, eps=1e-5):
    if x.size(-1) % n_heads:
        raise ValueError("n_heads must divide D")
    p = params
    if norm_first:
        x += attention(norm(x, p["g1"], p["h1"], eps), p, n_heads, mask)
        return x + forward(norm(x, p["g2"], p["h2"], eps), p)
    x = norm(x + attention(x, p, n_heads, mask), p["g1"], p["h1"], eps)
    return norm(x + forward(x, p), p["g2"], p["h2"], eps)
