# framework: torch
# expect: correctness == 1
# expect: ended == finished
# Modules that get the parameters as their state.
import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self, width, n_heads):
        super().__init__()
        if width % n_heads:
            raise ValueError("heads must divide the width")
        self.n_heads = n_heads
        self.q, self.k, self.v, self.o = (nn.Linear(width, width) for _ in range(4))

    def forward(self, z, mask):
        q, k, v = (part(z).unflatten(-1, (self.n_heads, -1)).transpose(1, 2) for part in (self.q, self.k, self.v))
        scores = torch.einsum("bhid,bhjd->bhij", q, k) / q.shape[-1] ** 0.5
        if mask is None:
            weights = scores.softmax(-1)
        else:
            see = mask.broadcast_to(scores[:, 0].shape).unsqueeze(1)
            weights = torch.where(see.any(-1, keepdim=True), scores.masked_fill(~see, -torch.inf).softmax(-1), 0)
        return self.o((weights @ v).transpose(1, 2).flatten(2))


class Layer(nn.Module):
    def __init__(self, width, inner, n_heads, eps):
        super().__init__()
        self.attention = Attention(width, n_heads)
        self.inner, self.outer = nn.Linear(width, inner), nn.Linear(inner, width)
        self.first, self.second = nn.LayerNorm(width, eps=eps), nn.LayerNorm(width, eps=eps)

    def fill(self, params):
        a = self.attention
        places = {"q": a.q, "k": a.k, "v": a.v, "o": a.o, "1": self.inner, "2": self.outer}
        for name, place in places.items():
            place.weight.copy_(params["w" + name].T)
            place.bias.copy_(params["b" + name])
        for name, place in (("1", self.first), ("2", self.second)):
            place.weight.copy_(params["g" + name])
            place.bias.copy_(params["h" + name])

    def forward(self, x, mask, norm_first):
        if norm_first:
            x = x + self.attention(self.first(x), mask)
            return x + self.outer(self.inner(self.second(x)).relu())
        x = self.first(x + self.attention(x, mask))
        return self.second(x + self.outer(self.inner(x).relu()))


@torch.no_grad()
def encoder_layer(x, params, n_heads, mask=None, norm_first=False, eps=1e-5):
    layer = Layer(x.shape[-1], len(params["b1"]), n_heads, eps).to(x.dtype).eval()
    layer.fill(params)
    return layer(x, mask, norm_first)
