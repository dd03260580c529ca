# framework: torch
# expect: correctness == 1
# expect: ended == finished
# With the building blocks that are free: embedding, layer norm, attention, GELU.
import torch
import torch.nn.functional as F


def gpt_forward(tokens, params, n_heads):
    (length, width), (b, t) = params["pos"].shape, tokens.shape
    if t > length:
        raise ValueError(f"{t} > {length}")
    if width % n_heads != 0:
        raise ValueError(f"cannot cut {width} columns into {n_heads} heads")

    def linear(z, w, name):
        return F.linear(z, w["w" + name].mT, w["b" + name])

    x = F.embedding(tokens, params["tok"]) + F.embedding(torch.arange(t), params["pos"])
    for w in params["blocks"]:
        z = F.layer_norm(x, (width,), w["g1"], w["h1"])
        q, k, v = (linear(z, w, name).unflatten(-1, (n_heads, -1)).transpose(1, 2) for name in "qkv")
        context = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + linear(context.transpose(1, 2).flatten(2), w, "o")
        z = F.layer_norm(x, (width,), w["g2"], w["h2"])
        x = x + linear(F.gelu(linear(z, w, "1"), approximate="tanh"), w, "2")
    return F.linear(F.layer_norm(x, (width,), params["gf"], params["hf"]), params["tok"])
