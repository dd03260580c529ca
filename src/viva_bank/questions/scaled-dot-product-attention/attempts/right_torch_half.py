# framework: torch
# expect: correctness == 1
# expect: ended == finished
# Stays in the dtype of the inputs until the weights: q is scaled before the product, so that it fits float16. A module.
import torch
from torch import nn


class Attention(nn.Module):
    def forward(self, q, k, v, mask=None):
        root = q.shape[-1] ** 0.25
        scores = torch.einsum("...id,...jd->...ij", q / root, k / root)
        if mask is None:
            mask = torch.ones_like(scores, dtype=torch.bool)
        mask = mask.expand_as(scores)
        hidden = torch.zeros_like(scores).masked_fill(~mask, -torch.inf)
        weights = (scores + hidden).softmax(-1).where(mask.any(-1, keepdim=True), 0)
        return torch.einsum("...ij,...jd->...id", weights, v)


model = Attention().eval()


@torch.no_grad()
def attention(q, k, v, mask=None):
    return model(q, k, v, mask)
