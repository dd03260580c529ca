# framework: torch
# expect: correctness == 1
# expect: ended == finished
# A module whose weights are the arguments; the logarithm of the sum of exponentials takes the place of a softmax.
import torch
from torch import nn


class Heads(nn.Module):
    def __init__(self, n_heads, *weights):
        super().__init__()
        if len(weights[0]) % n_heads:
            raise ValueError(f"{len(weights[0])} is no multiple of {n_heads}")
        self.n_heads = n_heads
        self.q, self.k, self.v, self.o = (w.t() for w in weights)

    def split(self, x):
        return x.unflatten(-1, (self.n_heads, -1)).permute(0, 2, 1, 3)

    def forward(self, x, mask):
        q, k, v = (self.split(nn.functional.linear(x, w)) for w in (self.q, self.k, self.v))
        scores = torch.einsum("bhid,bhjd->bhij", q / q.shape[-1] ** 0.5, k)
        if mask is not None:
            scores = scores + torch.zeros_like(scores[:, :1]).masked_fill(
                ~mask.expand_as(scores[:, 0])[:, None], -torch.inf
            )
        total = scores.logsumexp(-1, keepdim=True)
        weights = torch.exp(scores - total).nan_to_num(0.0)
        return nn.functional.linear((weights @ v).permute(0, 2, 1, 3).flatten(2), self.o)


@torch.no_grad()
def multi_head_attention(x, wq, wk, wv, wo, n_heads, mask=None):
    return Heads(n_heads, wq, wk, wv, wo)(x, mask)
