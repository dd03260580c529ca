# framework: torch
# expect: correctness == 1
# expect: ended == finished
# Modules that get the parameters as their state.
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, w, n_heads):
        super().__init__()
        (width, inner), kind = w["w1"].shape, w["w1"].dtype
        self.n_heads = n_heads
        self.q, self.k, self.v, self.o = (nn.Linear(width, width, dtype=kind) for _ in range(4))
        self.up, self.down = nn.Linear(width, inner, dtype=kind), nn.Linear(inner, width, dtype=kind)
        self.first, self.second = (nn.LayerNorm(width, eps=1e-5, dtype=kind) for _ in range(2))
        self.gelu = nn.GELU(approximate="tanh")
        for part, name in ((self.q, "q"), (self.k, "k"), (self.v, "v"), (self.o, "o"), (self.up, "1"), (self.down, "2")):
            part.weight.copy_(w["w" + name].T)
            part.bias.copy_(w["b" + name])
        for part, name in ((self.first, "1"), (self.second, "2")):
            part.weight.copy_(w["g" + name])
            part.bias.copy_(w["h" + name])

    def attention(self, z):
        q, k, v = (part(z).unflatten(-1, (self.n_heads, -1)) for part in (self.q, self.k, self.v))
        scores = torch.einsum("bihd,bjhd->bhij", q, k) / q.shape[-1] ** 0.5
        later = torch.full(scores.shape[-2:], -torch.inf, dtype=z.dtype).triu(1)
        return self.o(torch.einsum("bhij,bjhd->bihd", (scores + later).softmax(-1), v).flatten(2))

    def forward(self, x):
        x = x + self.attention(self.first(x))
        return x + self.down(self.gelu(self.up(self.second(x))))


@torch.no_grad()
def gpt_forward(tokens, params, n_heads):
    tok, pos = params["tok"], params["pos"]
    if tokens.shape[-1] > len(pos):
        raise ValueError("text too long")
    if tok.shape[-1] % n_heads:
        raise ValueError("heads must divide the width")
    model = nn.Sequential(*(Block(w, n_heads) for w in params["blocks"]), nn.LayerNorm(tok.shape[-1], dtype=tok.dtype))
    model[-1].weight.copy_(params["gf"])
    model[-1].bias.copy_(params["hf"])
    return model(tok[tokens.long()] + pos[: tokens.shape[-1]]) @ tok.mT
