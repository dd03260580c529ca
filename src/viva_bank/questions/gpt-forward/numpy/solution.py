"""The forward pass of a GPT in NumPy.

Sources: Radford et al., Language Models are Unsupervised Multitask Learners, section 2.3, for the norms in front and the one
behind the last block; Vaswani et al., Attention Is All You Need (https://arxiv.org/abs/1706.03762), for attention and the tied
output; Hendrycks and Gimpel, Gaussian Error Linear Units, section 2 (https://arxiv.org/abs/1606.08415), for GELU with tanh.
"""

import math

import numpy as np


def layer_norm(x, g, h):
    """x (..., D), g and h (D,) -> (..., D): each row by itself, with the variance over D, not over D - 1"""
    centred = x - x.mean(axis=-1, keepdims=True)
    variance = (centred * centred).mean(axis=-1, keepdims=True)  # (..., 1); mean(x²) - mean(x)² could be negative
    return centred / np.sqrt(variance + 1e-5) * g + h


def gelu(u):
    """u (..., F) -> (..., F), in the tanh form"""
    return 0.5 * u * (1 + np.tanh(math.sqrt(2 / math.pi) * (u + 0.044715 * u**3)))  # math.sqrt keeps float32


def causal_attention(x, p, n_heads):
    """x (B, T, D) -> (B, T, D), where no position looks at a later one"""
    b, t, d_model = x.shape
    d = d_model // n_heads

    # Heads are slices of columns: split the last axis into (head, column in head), and bring the heads to the front.
    q, k, v = ((x @ p["w" + c] + p["b" + c]).reshape(b, t, n_heads, d).swapaxes(1, 2) for c in "qkv")  # (B, H, T, d)
    scores = q @ k.swapaxes(-1, -2) / math.sqrt(d)  # (B, H, T, T)
    scores = np.where(np.tri(t, dtype=bool), scores, -np.inf)  # row i keeps the columns up to i, itself among them
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    context = weights @ v / weights.sum(axis=-1, keepdims=True)  # (B, H, T, d)

    return context.swapaxes(1, 2).reshape(b, t, d_model) @ p["wo"] + p["bo"]


def feed_forward(x, p):
    """x (B, T, D) -> (B, T, D), through F columns"""
    return gelu(x @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"]


def gpt_forward(tokens, params, n_heads):
    """tokens (B, T) -> logits (B, T, V)"""
    tok, pos = params["tok"], params["pos"]  # (V, D), (Tmax, D)
    t, d_model = tokens.shape[1], tok.shape[1]
    if t > len(pos):
        raise ValueError(f"{t} tokens, but positions for {len(pos)} only")
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide D = {d_model}")

    x = tok[tokens] + pos[:t]  # (B, T, D)
    for p in params["blocks"]:  # x itself runs through to the end, and only what is added to it is normalised before
        x = x + causal_attention(layer_norm(x, p["g1"], p["h1"]), p, n_heads)
        x = x + feed_forward(layer_norm(x, p["g2"], p["h2"]), p)
    return layer_norm(x, params["gf"], params["hf"]) @ tok.T  # a token's logit: how its own embedding fits the row
