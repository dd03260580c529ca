# framework: torch
# expect: correctness < 0.8
# expect: fails == feed_forward, feed_forward_biases, scale_and_shift, eps_second, order_of_blocks, logits, size_one
# fault: wrong-activation: the feed-forward part had another activation than GELU in its tanh form
import math

import torch
from torch.nn import functional as F


def norm(z, g, h):
    return (z - z.mean(-1, keepdim=True)) / torch.sqrt(z.var(-1, unbiased=False, keepdim=True) + 1e-5) * g + h


def attention(z, p, n_heads):
    b, t, width = z.shape
    d = width // n_heads
    q, k, v = [(z @ p["w" + c] + p["b" + c]).reshape(b, t, n_heads, d).transpose(1, 2) for c in "qkv"]
    scores = q @ k.transpose(-2, -1) / math.sqrt(d)
    scores = scores.masked_fill(~torch.tril(torch.ones(t, t, dtype=torch.bool)), float("-inf"))
    return (torch.softmax(scores, dim=-1) @ v).transpose(1, 2).reshape(b, t, width) @ p["wo"] + p["bo"]


def gpt_forward(tokens, params, n_heads):
    tok, pos = params["tok"], params["pos"]
    t = tokens.size(1)
    if t > pos.size(0) or tok.size(1) % n_heads:
        raise ValueError("too many tokens, or heads that do not divide the width")
    x = tok[tokens] + pos[:t]
    for p in params["blocks"]:
        x = x + attention(norm(x, p["g1"], p["h1"]), p, n_heads)
        x = x + F.gelu(norm(x, p["g2"], p["h2"]) @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"]
    return norm(x, params["gf"], params["hf"]) @ tok.T
